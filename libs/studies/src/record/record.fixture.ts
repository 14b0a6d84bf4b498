import { create, EpochResultSchema, RunResultSchema, TrialSchema, TrialState, type Trial } from '@weft/wire';
import { settingMessages } from '../definition/value-message.ts';

/** A trial with two epochs, told by a few figures. */
export function trialOf(
  trial: number,
  settings: Record<string, number | string>,
  change: { state?: TrialState; accuracy?: number; seed?: number; cell?: number } = {},
): Trial {
  const { state = TrialState.COMPLETE, accuracy = 0.5, seed = 1, cell = trial } = change;
  const epochs = [1, 2].map((epoch) =>
    create(EpochResultSchema, {
      ...{ epoch, loss: 1 / epoch, accuracy: accuracy / 2, validationLoss: 2, validationAccuracy: accuracy },
      ...{ seconds: 1.5, worldSize: 2, generation: 3n, weightsDigest: `w${String(trial)}.${String(epoch)}` },
    }),
  );
  const complete = state === TrialState.COMPLETE;
  const result = { testLoss: 1, testAccuracy: accuracy, weightsDigest: `w${String(trial)}`, seconds: 3 };
  return create(TrialSchema, {
    ...{ trial, cell, seed: BigInt(seed), state, reason: 'because', runId: `r${String(trial)}`, attempts: 1 },
    ...{ epochs, settings: settingMessages(new Map(Object.entries(settings))), value: accuracy },
    ...(complete ? { result: create(RunResultSchema, result) } : {}),
  });
}
