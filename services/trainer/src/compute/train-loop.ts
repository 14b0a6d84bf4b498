/**
 * The training loop: takes commands one at a time and computes.
 *
 * In a gang it computes its chunks of the step in hand, waits for the mean over all of them, applies it, and goes on with
 * the next step without being told. Alone it commits steps by itself until the epoch ends or a command comes.
 */
import {
  assignChunks,
  coverRange,
  describeError,
  exampleCountAt,
  invariant,
  isEpochEnd,
  WeftError,
  type ChunkRange,
  type Clock,
  type EvaluationChunkSums,
} from '@weft/core';
import type { Inbox } from './inbox.ts';
import type { OpenedRun, RunSource } from './opened-run.ts';
import type { Assignment, ComputeCommand, ComputeReport, SoloStepReport } from './commands.ts';

/** How often a solo trainer reports, in milliseconds. */
const soloReportIntervalMs = 100;

/** Runs until the process ends. The clock measures, and lets messages pass; it decides nothing. */
export async function trainLoop(
  inbox: Inbox<ComputeCommand>,
  report: (message: ComputeReport) => void,
  opener: RunSource,
  clock: Pick<Clock, 'nowMs' | 'soon'>,
): Promise<void> {
  const nowMs = (): number => clock.nowMs();
  let run: OpenedRun | undefined;
  let assignment: Assignment | undefined;
  const sent = new Set<string>();
  const buffers: Float32Array[] = [];
  let waitingSince = nowMs();

  const computeChunks = async (open: OpenedRun, { generation }: Assignment, ranges: readonly ChunkRange[]) => {
    for (const node of ranges.flatMap((range) => coverRange(range, open.chunkCount))) {
      const key = `${String(node.level)}/${String(node.index)}`;
      if (sent.has(key)) continue;
      const startedMs = nowMs();
      const contribution = (buffers[sent.size] ??= new Float32Array(open.layoutSize));
      const { loss, correct } = await open.contribute(node, contribution);
      sent.add(key);
      report({
        kind: 'partial',
        runId: open.run.runId,
        generation,
        position: open.position,
        node,
        loss,
        correct,
        examples: open.exampleCount(node),
        contribution,
        computeSeconds: (nowMs() - startedMs) / 1000,
      });
    }
    waitingSince = nowMs();
  };

  const commitAlone = async (open: OpenedRun, { generation }: Assignment) => {
    const { runId, plan } = open.run;
    let steps: SoloStepReport[] = [];
    let examples = 0;
    let reportedMs = nowMs();
    for (let holding = false; !holding;) {
      const { position } = open;
      examples += exampleCountAt(plan, position);
      const { loss, correct, gradientDigest } = await open.commitAlone();
      steps.push({ position, loss, correct, gradientDigest });
      holding = inbox.hasMail || isEpochEnd(plan, open.position) || !Number.isFinite(loss);
      const elapsedMs = nowMs() - reportedMs;
      if (!holding && elapsedMs < soloReportIntervalMs) continue;
      const computeSeconds = elapsedMs / 1000;
      report({ kind: 'solo-progress', runId, generation, steps, examples, holding, computeSeconds });
      steps = [];
      examples = 0;
      // An engine that computes without a pause would keep messages from being sent and received until the epoch ends.
      await new Promise<void>((resolve) => {
        clock.soon(resolve);
      });
      reportedMs = nowMs();
    }
  };

  const reportReady = (open: OpenedRun) => {
    const { position, layoutSize, snapshotBytes, weightsDigest } = open;
    const { runId, dataSet } = open.run;
    sent.clear();
    report({
      kind: 'ready',
      runId,
      position,
      layoutSize,
      snapshotBytes,
      weightsDigest,
      dataSetIdentity: dataSet.identity,
    });
  };

  const take = async (command: ComputeCommand): Promise<void> => {
    if (command.kind === 'close') {
      await run?.close();
      run = undefined;
      assignment = undefined;
      command.closed();
      return;
    }
    if (command.kind === 'open') {
      await run?.close();
      run = undefined;
      buffers.length = 0;
      run = await opener.open(command.run);
      reportReady(run);
      return;
    }
    if (run === undefined) return;
    const { runId } = run.run;
    switch (command.kind) {
      case 'load-snapshot':
        run.loadSnapshot(command.bytes);
        invariant(run.position === command.position, 'a snapshot is of the position that it was sent for');
        reportReady(run);
        return;
      case 'regroup':
        assignment = command.assignment;
        invariant(
          run.position === assignment.position,
          `regrouped at ${String(assignment.position)}, stands at ${String(run.position)}`,
        );
        if (assignment.solo) await commitAlone(run, assignment);
        else await computeChunks(run, assignment, assignment.chunks);
        return;
      case 'update': {
        const waitSeconds = (nowMs() - waitingSince) / 1000;
        invariant(
          command.position === run.position,
          `an update for ${String(command.position)} came at ${String(run.position)}`,
        );
        const startedMs = nowMs();
        run.apply(command.mean);
        sent.clear();
        report({
          kind: 'update-applied',
          mean: command.mean,
          waitSeconds,
          applySeconds: (nowMs() - startedMs) / 1000,
        });
        if (command.hold || assignment === undefined) return;
        const share = assignChunks(run.chunkCount, assignment.worldSize)[assignment.rank];
        if (share !== undefined) await computeChunks(run, assignment, [share]);
        return;
      }
      case 'evaluate': {
        const chunks: EvaluationChunkSums[] = [];
        for (const { first, end } of command.chunks) {
          for (let index = first; index < end; index++) chunks.push(await run.evaluateChunk(command.split, index));
        }
        const { weightsDigest } = run;
        report({ kind: 'evaluation', runId, position: run.position, split: command.split, chunks, weightsDigest });
        return;
      }
      case 'send-snapshot': {
        const { position, weightsDigest } = run;
        report({ kind: 'snapshot', runId, position, bytes: run.snapshot(), weightsDigest });
        return;
      }
      case 'hold':
        // Alone, the mail itself ended the loop; in a gang the last update said to hold.
        return;
    }
  };

  for (;;) {
    const command = await inbox.take();
    try {
      await take(command);
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      const runId = command.kind === 'open' ? command.run.runId : (run?.run.runId ?? '');
      report({ kind: 'failure', runId, code: thrown.code, message: describeError(thrown) });
    }
  }
}
