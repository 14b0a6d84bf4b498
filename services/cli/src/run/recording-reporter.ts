/** Keeps `run.json` in step with a run, and passes everything on to another reporter. */
import type { Reporter } from '../output/reporter.ts';
import { writeRecord, type RunFolder } from '../run-folder/run-folder.ts';
import { withEpoch, type LocalSettings, type RunRecord } from '../run-folder/run-record.ts';
import type { EpochFigures } from './figures.ts';

/** A reporter that also writes; `settled` resolves when what it was told is on disk, and rejects where it cannot be. */
export interface RecordingReporter extends Reporter {
  settled(): Promise<void>;
}

/** What the record holds that no event tells. */
export interface RecordStart {
  readonly local: LocalSettings;
  /** Of the first attempt, as an ISO 8601 text. */
  readonly createdAt: string;
  readonly epochs: readonly EpochFigures[];
}

/** Writes one after the other, in the order of events; between two writes only the last state counts. */
export function recordingReporter(folder: RunFolder, start: RecordStart, inner: Reporter): RecordingReporter {
  let record: RunRecord | undefined;
  let epochs = start.epochs;
  let last: Promise<void> = Promise.resolve();
  let waiting = false;

  const update = (change: Partial<RunRecord>): void => {
    if (record === undefined) return;
    record = { ...record, ...change, epochs, updatedAt: new Date().toISOString() };
    if (waiting) return;
    waiting = true;
    last = last.then(() => {
      waiting = false;
      return record === undefined ? undefined : writeRecord(folder, record);
    });
    // Whoever calls `settled` gets the error; until then it is nobody's.
    last.catch(() => undefined);
  };

  return {
    status: (status, processes) => {
      record ??= {
        format: 1,
        ...{ status, phase: status.phase, epochs, local: start.local },
        ...{ createdAt: start.createdAt, updatedAt: start.createdAt },
      };
      update({ status, phase: status.phase });
      inner.status(status, processes);
    },
    progress: (progress) => inner.progress(progress),
    epoch: (epoch) => {
      epochs = withEpoch(epochs, epoch);
      update({});
      inner.epoch(epoch);
    },
    notice: (text, atSeconds) => inner.notice(text, atSeconds),
    ended: (ending) => {
      const { status, result } = ending;
      update({ status, phase: status.phase, ...(result === undefined ? {} : { result }) });
      inner.ended(ending);
    },
    dropped: () => {
      update({ phase: 'interrupted' });
      inner.dropped();
    },
    settled: () => last,
  };
}
