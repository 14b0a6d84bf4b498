/** One JSON object a line, as docs/json-output.md describes and its schema checks. Keys are only ever added. */
import type { RunSummary } from '../run/figures.ts';
import { remainingSeconds } from './remaining-time.ts';
import type { Reporter } from './reporter.ts';

/** Grows when a reader of an older version would be misled. */
const jsonVersion = 1;

/** A line of the output. JSON has no NaN or infinity: they are null. */
export function jsonLine(event: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(event)}\n`;
}

/** The line that an error becomes; it is the last one. */
export function errorLine(code: string, message: string, exitCode: number): string {
  return jsonLine({ event: 'error', code, message, exitCode });
}

/** Reports to a program. */
export function jsonReporter(write: (text: string) => void): Reporter {
  let run: RunSummary | undefined;
  const emit = (event: string, figures: object): void => write(jsonLine({ event, ...figures }));
  return {
    status: (status, processes) => {
      run = status;
      emit('run', { version: jsonVersion, ...status, cluster: processes ?? null });
    },
    progress: (progress) => {
      const left = run === undefined ? undefined : remainingSeconds(run, progress);
      emit('progress', { ...progress, epochs: run?.epochs ?? 0, etaSeconds: left ?? null });
    },
    epoch: (epoch) => emit('epoch', { ...epoch, epochs: run?.epochs ?? 0 }),
    notice: (text, atSeconds) => emit('notice', { text, atSeconds }),
    ended: ({ status, result, folder }) => {
      const { runId, phase, reason, engineFingerprint } = status;
      const { name, synthetic } = status.dataSet;
      const figures = result ?? {
        ...{
          testLoss: null,
          testAccuracy: null,
          testTopAccuracies: null,
          testConfusion: null,
          validationLoss: null,
          validationAccuracy: null,
        },
        ...{ seconds: null, examplesPerSecond: null, weightsDigest: null, ledgerDigest: null },
      };
      const dataSet = { name, synthetic };
      emit('result', { runId, phase, reason, dataSet, engineFingerprint, ...figures, folder: folder ?? null });
    },
    dropped: () => undefined,
  };
}
