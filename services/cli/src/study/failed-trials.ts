/**
 * Which trials of a finished study have no result because they failed.
 *
 * An excused trial has a reason for people only; the run that executed it says as a state whether somebody gave it up, by
 * `weft cancel` or by cancelling the study before others of it were tried again.
 */
import { WeftError } from '@weft/core';
import { trialPhase } from '@weft/studies';
import { RunState, type Trial } from '@weft/wire';
import type { StudyClient } from './study-client.ts';

/** The numbers of the excused among `trials` that nobody gave up, in their order. */
export async function failedTrials(
  client: Pick<StudyClient, 'getRun'>,
  trials: readonly Trial[],
  signal: AbortSignal,
): Promise<number[]> {
  const failed: number[] = [];
  for (const { trial, state, runId } of trials) {
    if (trialPhase(state) === 'excused' && !(await isGivenUp(client, runId, signal))) failed.push(trial);
  }
  return failed;
}

/** Whether the run was cancelled, or never asked for. */
async function isGivenUp(client: Pick<StudyClient, 'getRun'>, runId: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { run } = await client.getRun({ runId }, { signal });
    return run?.state === RunState.CANCELLED;
  } catch (thrown) {
    if (thrown instanceof WeftError && thrown.code === 'not-found') return true;
    throw thrown;
  }
}
