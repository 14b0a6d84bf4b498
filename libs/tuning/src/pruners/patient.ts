import { judgedCurve } from './judged-curve.ts';
import type { Pruner } from './pruner.ts';

export interface PatientSettings {
  /** Epochs in which a trial may fail to improve. */
  readonly patience: number;
  /** What counts as an improvement: lower by more than this. */
  readonly minDelta: number;
}

/** Stops a trial whose best loss of the last `patience` epochs is no improvement on the best before them. Compares with no other. */
export function patientPruner({ patience, minDelta }: PatientSettings): Pruner {
  return {
    name: 'patient',
    decidesAfter: (epoch) => epoch > patience,
    groupOf: () => 0,
    judge(request) {
      const { epoch, losses, named, text } = judgedCurve(request);
      const before = best(losses.slice(0, -patience));
      const recent = best(losses.slice(-patience));
      const between = `best ${named(recent)} of the last ${String(patience)} epochs, ${text(before)} before`;
      return recent < before - minDelta
        ? { kind: 'continue', reason: `${between}: improved by more than ${String(minDelta)}` }
        : {
            kind: 'stop',
            reason: `${between}: not improved by more than ${String(minDelta)} after epoch ${String(epoch)}`,
          };
    },
  };
}

function best(losses: readonly number[]): number {
  return losses.reduce(
    (least, loss) => (Number.isFinite(loss) && loss < least ? loss : least),
    Number.POSITIVE_INFINITY,
  );
}
