/** A verdict on a run's ledger as people read it. */
import { formatCount } from '../output/format.ts';
import type { Verdict } from './verify-run.ts';

/** Lines without their ends. */
export function verdictLines(verdict: Verdict): string[] {
  const { runId, problem, lines, epochs, examples, trainers, reassigned, ledgerDigest, finished, stoppedEarly } =
    verdict;
  const used = `${formatCount(examples)} of ${formatCount(examples)} examples once in each of ${formatCount(epochs)} epochs`;
  if (problem !== null) {
    const place = `line ${String(problem.position)} (epoch ${String(problem.epoch)}, step ${String(problem.step)})`;
    return [`run ${runId}: the ledger is wrong at ${place}: ${problem.reason}`, `right before that: ${used}`];
  }
  const who = `${formatCount(trainers.length)} trainer${trainers.length === 1 ? '' : 's'} (${trainers.join(', ')})`;
  const again = reassigned === 0 ? 'none' : formatCount(reassigned);
  const chain = `the chain of ${formatCount(lines)} lines ends in ${ledgerDigest}`;
  return [
    `run ${runId}: ${used}`,
    ...(stoppedEarly === null ? [] : [`the results of its epochs say so: ${stoppedEarly}`]),
    finished ? `${chain}, as the run's result says` : `${chain}; the run has not finished`,
    `computed by ${lines === 0 ? 'nobody yet' : who}; chunk ranges taken over from a lost trainer: ${again}`,
  ];
}
