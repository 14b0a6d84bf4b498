/** Reports studies to programs: one JSON object a line, as docs/json-output.md describes. */
import { jsonLine } from '../output/json-reporter.ts';
import type { StudyReporter } from './study-reporter.ts';

export function jsonStudyReporter(write: (text: string) => void): StudyReporter {
  const emit = (event: string, figures: object): void => write(jsonLine({ event, ...figures }));
  return {
    begun: (study, processes) => emit('study', { version: 1, ...study, cluster: processes ?? null }),
    study: (study) => emit('study', { version: 1, ...study, cluster: null }),
    trial: (study, trial) => emit('trial', { studyId: study.studyId, ...trial }),
    notice: (text, atSeconds) => emit('notice', { text, atSeconds }),
    ended: ({ study, failed, tableDigest, folder }) =>
      emit('study-result', { ...study, failed, tableDigest, folder: folder ?? null }),
    dropped: () => undefined,
  };
}
