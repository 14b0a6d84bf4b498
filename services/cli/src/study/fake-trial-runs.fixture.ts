// A run service for tests of studies: runs that have ended as their ids say, `-failed` or `-cancelled`. Others are not there.
import { WeftError } from '@weft/core';
import { bindService, create, RunSchema, RunService, RunState, type BoundService } from '@weft/wire';

const ends = { failed: RunState.FAILED, cancelled: RunState.CANCELLED };

export const fakeTrialRuns: BoundService = bindService(
  RunService,
  {
    getRun: ({ runId }) => {
      const end = Object.entries(ends).find(([word]) => runId.endsWith(`-${word}`));
      if (end === undefined) return Promise.reject(new WeftError('not-found', `there is no run ${runId}`));
      return Promise.resolve({ run: create(RunSchema, { runId, state: end[1] }) });
    },
    ...{ submitRun: unasked, resumeRun: unasked, cancelRun: unasked, auditRun: unasked },
    ...{ listRuns: unasked, getCluster: unasked, watchRun: unasked },
  },
  (thrown) => {
    throw thrown;
  },
);

function unasked(): never {
  throw new WeftError('internal', 'a study asks for single runs only');
}
