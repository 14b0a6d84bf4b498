// A study service for tests: trials are not trained but told. The study's name says how it goes.
import { WeftError } from '@weft/core';
import { describeAssignment, settingMessages, spaceOf, trialConfiguration } from '@weft/studies';
import {
  bindService,
  create,
  EpochResultSchema,
  RunResultSchema,
  StudySchema,
  StudyService,
  StudyState,
  TrialCountsSchema,
  TrialSchema,
  TrialState,
  type BoundService,
  type Study,
  type SubmitStudyRequest,
  type Trial,
} from '@weft/wire';

/** What the fake remembers, so that a test, or the next process, can have it. */
export interface FakeStudies {
  readonly studies: Map<string, Study>;
  /** Requests beside submissions and questions, as texts. */
  readonly changes: string[];
  /** Called after each change. */
  readonly keep: () => void;
}

/** Of a study called `flawed` or `given-up` all trials but the first are excused; of a `hopeless` one all. */
function isFlawed(name: string, trial: number): boolean {
  return name === 'hopeless' || ((name === 'flawed' || name === 'given-up') && trial > 0);
}

/** See fake-trial-runs.fixture.ts. */
function runIdOf(name: string, trial: number): string {
  const end = isFlawed(name, trial)
    ? { flawed: 'failed', hopeless: 'failed', 'given-up': 'cancelled' }[name]
    : undefined;
  return end === undefined ? `run-${String(trial)}` : `run-${String(trial)}-${end}`;
}

/** Cells are those of the categorical parameters, the first one varied only; accuracy falls with the trial's number. */
function trialsOf({ definition, state }: Study): Trial[] {
  if (definition === undefined) return [];
  const [parameter] = spaceOf(definition);
  const values = parameter?.kind === 'categorical' ? parameter.choices : [];
  const cells = parameter === undefined ? [new Map()] : values.map((value) => new Map([[parameter.name, value]]));
  return cells.map((cell, trial) => {
    const accuracy = 0.9 - trial / 10;
    const { epochs } = trialConfiguration(definition, cell, 1);
    const over = state === StudyState.FINISHED;
    const isExcused = over && isFlawed(definition.name, trial);
    const message = create(TrialSchema, {
      ...{
        trial,
        cell: trial,
        seed: 1n,
        settings: settingMessages(cell),
        runId: runIdOf(definition.name, trial),
        attempts: 1,
      },
      state: isExcused ? TrialState.EXCUSED : over ? TrialState.COMPLETE : TrialState.RUNNING,
      reason: describeAssignment(cell),
    });
    if (!over || isExcused) return message;
    message.value = accuracy;
    message.epochs = Array.from({ length: epochs }, (_, index) =>
      create(EpochResultSchema, { epoch: index + 1, validationAccuracy: accuracy, loss: 1, validationLoss: 1 }),
    );
    const digest = `${String(trial)}f`.repeat(32);
    message.result = create(RunResultSchema, {
      testAccuracy: accuracy,
      testLoss: 1,
      seconds: 2,
      weightsDigest: digest,
    });
    return message;
  });
}

function counted(study: Study): Study {
  const trials = trialsOf(study);
  const over = study.state === StudyState.FINISHED;
  const excused = trials.filter(({ state }) => state === TrialState.EXCUSED).length;
  const [complete, running] = over ? [trials.length - excused, 0] : [0, trials.length];
  const counts = create(TrialCountsSchema, { planned: trials.length, complete, running, excused });
  const best = trials.find(({ state }) => state === TrialState.COMPLETE);
  return { ...study, counts, seconds: 4, ...(best === undefined ? {} : { best }) };
}

/** The service over what `kept` remembers. */
export function fakeStudyService(kept: FakeStudies): BoundService {
  const found = (id: string): Study => {
    const study = kept.studies.get(id);
    if (study === undefined) throw new WeftError('not-found', `there is no study ${id}`);
    return study;
  };
  const put = (study: Study, state: StudyState, reason: string): { study: Study } => {
    const now = counted(create(StudySchema, { ...study, state, reason }));
    kept.studies.set(study.studyId, now);
    kept.keep();
    return { study: now };
  };
  const change = (text: string, id: string, state: StudyState): Promise<{ study: Study }> => {
    kept.changes.push(text);
    const study = found(id);
    if (study.state === StudyState.FINISHED) throw new WeftError('precondition-failed', `study ${id} is finished`);
    return Promise.resolve(put(study, state, text));
  };
  return bindService(
    StudyService,
    {
      submitStudy: ({ studyId, definition, execution }: SubmitStudyRequest) => {
        if (kept.studies.has(studyId)) {
          return Promise.reject(new WeftError('already-exists', `a study ${studyId} exists`));
        }
        kept.changes.push(`submitted ${studyId}`);
        const parts = { ...(definition && { definition }), ...(execution && { execution }) };
        return Promise.resolve(put(create(StudySchema, { studyId, ...parts }), StudyState.RUNNING, 'trials run'));
      },
      getStudy: ({ studyId }) => Promise.resolve({ study: found(studyId) }),
      listStudies: () => Promise.resolve({ studies: [...kept.studies.values()] }),
      watchStudy: async function* ({ studyId }, { signal }) {
        const study = found(studyId);
        yield { event: { case: 'study', value: study } };
        if (study.definition?.name.startsWith('wait') === true) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
        yield { event: { case: 'notice', value: { atSeconds: 1, text: 'a trainer is lost' } } };
        if (study.definition?.name.startsWith('leave') === true) return;
        put(study, StudyState.FINISHED, 'all cells are done');
        for (const trial of trialsOf(found(studyId))) yield { event: { case: 'trial', value: trial } };
        yield { event: { case: 'study', value: found(studyId) } };
      },
      readTrials: async function* ({ studyId }) {
        yield await Promise.resolve({ trials: trialsOf(found(studyId)) });
      },
      pauseStudy: ({ studyId }) => change('paused', studyId, StudyState.PAUSED),
      resumeStudy: ({ studyId }) => change('resumed', studyId, StudyState.RUNNING),
      cancelStudy: ({ studyId, reason }) => change(`cancelled: ${reason}`, studyId, StudyState.CANCELLED),
      retryTrials: ({ studyId, trials }) => change(`retry ${trials.join()}`, studyId, StudyState.RUNNING),
      extendStudy: ({ studyId, moreCells, moreTrialSeeds, epochs }) =>
        change(`extend ${[moreCells, moreTrialSeeds.join('+'), epochs].join()}`, studyId, StudyState.RUNNING),
    },
    (thrown) => {
      throw thrown;
    },
  );
}
