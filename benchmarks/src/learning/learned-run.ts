/** One run of `weft train` on a cluster that stands, and what came of it. */
import { join } from 'node:path';
import process from 'node:process';
import { WeftError } from '@weft/core';
import type { StandingCluster } from '@weft/e2e';
import { processorMs } from '../cluster/processor-time.ts';
import { runLines } from '../process/line-process.ts';
import { rounded } from '../report/statistics.ts';

/** What to train, and for how long. */
export interface LearningTask {
  readonly model: string;
  readonly epochs: number;
  readonly optimizer: string;
  readonly dataDirectory: string | undefined;
}

/** What a run has learned. */
export interface LearnedRun {
  readonly validationAccuracies: readonly number[];
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** Training time without evaluation. */
  readonly seconds: number;
  /** Processor time of all trainers, evaluation included; null where the system does not tell. */
  readonly processorSeconds: number | null;
  readonly weightsDigest: string;
  readonly engineFingerprint: string;
}

type Line = Readonly<Record<string, unknown>>;

const commandLine = join(import.meta.dirname, '../../../services/cli/src/main.ts');
const limitMs = 12 * 3_600_000;

/** Trains on Fashion-MNIST with all trainers attached to `cluster`. `told` hears of every epoch. */
export async function learn(
  cluster: StandingCluster,
  task: LearningTask,
  signal: AbortSignal,
  told: (epoch: number, validationAccuracy: number) => void,
): Promise<LearnedRun> {
  const { model, epochs, optimizer, dataDirectory } = task;
  const lines: Line[] = [];
  const usedMs = async (): Promise<number> => {
    const used = await Promise.all(cluster.attached.map((seat) => processorMs(seat.process.pid)));
    return used.reduce((sum, ms) => sum + ms, 0);
  };
  const beforeMs = await usedMs();
  await runLines({
    title: `weft train (${model})`,
    command: process.execPath,
    argv: [
      ...['--disable-warning=ExperimentalWarning', commandLine, 'train', '--coordinator', cluster.coordinator.address],
      ...[
        '--model',
        model,
        '--optimizer',
        optimizer,
        '--epochs',
        String(epochs),
        '--dataset',
        'fashion-mnist',
        '--json',
      ],
      ...(dataDirectory === undefined ? [] : ['--data-dir', dataDirectory]),
    ],
    timeoutMs: limitMs,
    signal,
    take: (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line['event'] === 'epoch') told(Number(line['epoch']), Number(line['validationAccuracy']));
      return 'more';
    },
  });
  const result = lines.findLast(({ event }) => event === 'result');
  if (result?.['phase'] !== 'finished') throw new WeftError('internal', `${model} did not finish`);
  const processorSeconds = ((await usedMs()) - beforeMs) / 1000;
  return {
    validationAccuracies: lines
      .filter(({ event }) => event === 'epoch')
      .map((line) => rounded(Number(line['validationAccuracy']))),
    testAccuracy: Number(result['testAccuracy']),
    testLoss: rounded(Number(result['testLoss'])),
    seconds: rounded(Number(result['seconds'])),
    processorSeconds: Number.isFinite(processorSeconds) ? rounded(processorSeconds) : null,
    weightsDigest: String(result['weightsDigest']),
    engineFingerprint: String(result['engineFingerprint']),
  };
}
