/** The lines of a study, as text. Pure: what is printed where is the reporters' business. */
import { describeAssignment } from '@weft/studies';
import { formatFraction, formatLoss, formatSeconds } from '../output/format.ts';
import { bar } from '../output/progress-line.ts';
import { doneCount, type StudyFigures, type TrialFigures } from './study-figures.ts';

/** `8 of 24 done, 2 running, 14 waiting` with what is worth a word. */
export function countsText({ counts }: Pick<StudyFigures, 'counts'>): string {
  const { waiting, running, pruned, diverged, excused, planned, missing } = counts;
  const done = doneCount(counts);
  const known = Math.max(planned, done + running + waiting);
  const parts = [
    `${String(done)} of ${planned === 0 ? `${String(known)} so far` : String(known)} done`,
    ...some(running, 'running'),
    ...some(waiting, 'waiting'),
    ...some(pruned, 'pruned'),
    ...some(diverged, 'diverged'),
    ...some(excused, 'excused'),
    ...some(missing, 'missing'),
  ];
  return parts.join(', ');
}

function some(count: number, word: string): string[] {
  return count === 0 ? [] : [`${String(count)} ${word}`];
}

/** Failed trials that are named. */
const mostNamed = 10;

/** `trials 3, 7 failed; to try them again: weft sweep retry lr`. */
export function failedText(studyId: string, failed: readonly number[]): string {
  const more = failed.length - mostNamed;
  const named = failed
    .slice(0, mostNamed)
    .join(', ')
    .concat(more > 0 ? ` and ${String(more)} more` : '');
  const [noun, pronoun] = failed.length === 1 ? ['trial', 'it'] : ['trials', 'them'];
  return `${noun} ${named} failed; to try ${pronoun} again: weft sweep retry ${studyId}`;
}

/** `learning-rate 0.01, seed 2`. */
export function trialText({ settings, seed }: TrialFigures): string {
  const cell = describeAssignment(new Map(Object.entries(settings)));
  return `${cell}, seed ${String(seed)}`;
}

/** The objective with four decimals; `-` where there is none. */
export function valueText(value: number | null, objective: string): string {
  if (value === null) return '-';
  return objective.endsWith('accuracy') ? formatFraction(value) : formatLoss(value);
}

/** The line of a trial that is over. `label` names its study where there are several. */
export function trialLine(trial: TrialFigures, study: StudyFigures, label: string): string {
  const { phase, value, seconds, reason, attempts } = trial;
  const width = String(Math.max(0, study.counts.planned - 1)).length;
  const why = phase === 'complete' ? '' : `  ${reason}`;
  return [
    `${label}trial ${String(trial.trial).padStart(width)}`,
    phase.padEnd(8),
    `${study.objective} ${valueText(value, study.objective)}`,
    trialText(trial),
    ...(seconds === null ? [] : [formatSeconds(seconds)]),
    ...(attempts > 1 ? [`${String(attempts)} attempts`] : []),
  ]
    .join('  ')
    .concat(why);
}

/** The live line of all studies together, cut to `columns`. */
export function liveLine(studies: readonly StudyFigures[], columns: number): string {
  const sum = (of: (study: StudyFigures) => number): number => studies.reduce((total, study) => total + of(study), 0);
  const done = sum(({ counts }) => doneCount(counts));
  const planned = sum(({ counts }) => counts.planned);
  const running = sum(({ counts }) => counts.running);
  const left = remainingSeconds(studies);
  const [only, ...others] = studies;
  const best = only?.best === null || others.length > 0 ? undefined : only?.best;
  const figures = [
    `${String(done)}/${planned === 0 ? '?' : String(planned)} trials`,
    `${String(running)} running`,
    ...(best === undefined ? [] : [`best ${valueText(best.value, only?.objective ?? '')} (${trialText(best)})`]),
    ...(left === undefined ? [] : [`ETA ${formatSeconds(left)}`]),
  ].join('  ');
  const drawn = planned > 0 && columns - figures.length >= 24 ? `${bar(done / planned, 20)} ` : '';
  return `  ${drawn}${figures}`.slice(0, Math.max(20, columns - 1));
}

/** Seconds that are left at the pace so far; trials of one study are taken to be alike, those of several are not. */
function remainingSeconds([study, ...others]: readonly StudyFigures[]): number | undefined {
  if (study === undefined || others.length > 0) return undefined;
  const { counts, seconds } = study;
  const done = doneCount(counts);
  if (done === 0 || counts.planned <= done || seconds === 0) return undefined;
  return (seconds / done) * (counts.planned - done);
}

/** Why a study is where it is: `running: 2 trials run`. */
export function studyStateLine({ phase, reason }: StudyFigures): string {
  return reason === '' ? phase : `${phase}: ${reason}`;
}
