/**
 * Optimizers in float64, straight from the published formulas, one variable at a time. Test only: what the kernels are
 * compared with, and written without looking at them.
 *
 * Sources, as cited at each formula; where Keras 3 differs from a paper (the place of epsilon, Nadam's schedule, decoupled
 * weight decay), Keras's documented form is meant. t counts steps from 1.
 */
import type { OptimizerSpec } from './optimizer-spec.ts';

/** One variable with its state: named vectors of its length, absent until first used. */
export interface ReferenceVariable {
  readonly w: number[];
  readonly state: Map<string, number[]>;
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Keras `BaseOptimizer.apply`: clip by the global norm, then decay the weights, then update each variable. */
export function referenceStep(
  spec: OptimizerSpec,
  variables: readonly ReferenceVariable[],
  gradients: readonly (readonly number[])[],
  t: number,
  learningRate: number,
): void {
  const globalNorm = norm(gradients.flat());
  const clip = spec.globalClipNorm > 0 ? Math.min(1, spec.globalClipNorm / globalNorm) : 1;
  variables.forEach((variable, ordinal) => {
    const { w } = variable;
    if (spec.name !== 'lars') w.forEach((value, i) => (w[i] = value - value * spec.weightDecay * learningRate));
    const g = (gradients[ordinal] ?? []).map((value) => value * clip);
    const change = changeOf(spec, variable, g, t, learningRate);
    change.forEach((value, i) => (w[i]! += value));
  });
}

/** What is added to the variable. */
function changeOf(
  spec: OptimizerSpec,
  { w, state }: ReferenceVariable,
  g: readonly number[],
  t: number,
  lr: number,
): number[] {
  /** Replaces the state `name` by `next(old, i)` and returns it. */
  const advance = (name: string, next: (old: number, i: number) => number, initial = 0): number[] => {
    const values = (state.get(name) ?? w.map(() => initial)).map(next);
    state.set(name, values);
    return values;
  };
  const average = (name: string, keep: number, of: (i: number) => number): number[] =>
    advance(name, (old, i) => keep * old + (1 - keep) * of(i));
  const square = (i: number): number => g[i]! ** 2;

  switch (spec.name) {
    case 'sgd': {
      // Sutskever et al. (2013), equations 1 to 4, in the form of keras.optimizers.SGD.
      const v = advance('v', (old, i) => spec.momentum * old - lr * g[i]!);
      return spec.nesterov ? v.map((value, i) => spec.momentum * value - lr * g[i]!) : v;
    }
    case 'adam':
    case 'adamw': {
      // Kingma and Ba (2014), algorithm 1 in the efficient form before section 2.1; Loshchilov and Hutter (2019) for the
      // decoupled decay; Reddi et al. (2018), algorithm 2, for the maximum.
      const m = average('m', spec.beta1, (i) => g[i]!);
      const v = average('v', spec.beta2, square);
      const divisor = spec.amsgrad ? advance('vHat', (old, i) => Math.max(old, v[i]!)) : v;
      const alpha = (lr * Math.sqrt(1 - spec.beta2 ** t)) / (1 - spec.beta1 ** t);
      return m.map((value, i) => (-alpha * value) / (Math.sqrt(divisor[i]!) + spec.epsilon));
    }
    case 'nadam': {
      // Dozat (2015), algorithm 2, with the momentum schedule of keras.optimizers.Nadam.
      const momentum = (step: number): number => spec.beta1 * (1 - 0.5 * 0.96 ** step);
      let product = 1;
      for (let step = 1; step <= t; step++) product *= momentum(step);
      const m = average('m', spec.beta1, (i) => g[i]!);
      const v = average('v', spec.beta2, square);
      return m.map((value, i) => {
        const mHat =
          (momentum(t + 1) * value) / (1 - product * momentum(t + 1)) + ((1 - momentum(t)) * g[i]!) / (1 - product);
        return (-lr * mHat) / (Math.sqrt(v[i]! / (1 - spec.beta2 ** t)) + spec.epsilon);
      });
    }
    case 'adamax': {
      // Kingma and Ba (2014), algorithm 2, with Keras's epsilon in the divisor.
      const m = average('m', spec.beta1, (i) => g[i]!);
      const u = advance('u', (old, i) => Math.max(spec.beta2 * old, Math.abs(g[i]!)));
      return m.map((value, i) => ((-lr / (1 - spec.beta1 ** t)) * value) / (u[i]! + spec.epsilon));
    }
    case 'rmsprop': {
      // Hinton (2012), lecture 6e; Graves (2013), equations 38 to 41, for the centred form; keras.optimizers.RMSprop.
      const v = average('v', spec.rho, square);
      const mean = average('mean', spec.rho, (i) => g[i]!);
      const step = v.map((value, i) => {
        const variance = spec.centered ? value - mean[i]! ** 2 : value;
        return (lr * g[i]!) / Math.sqrt(variance + spec.epsilon);
      });
      return advance('m', (old, i) => spec.momentum * old + step[i]!).map((value) => -value);
    }
    case 'adagrad': {
      // Duchi, Hazan and Singer (2011), diagonal form; keras.optimizers.Adagrad.
      const a = advance('a', (old, i) => old + square(i), spec.initialAccumulator);
      return a.map((value, i) => (-lr * g[i]!) / Math.sqrt(value + spec.epsilon));
    }
    case 'adadelta': {
      // Zeiler (2012), algorithm 1, times the learning rate of keras.optimizers.Adadelta.
      const a = average('a', spec.rho, square);
      const before = state.get('d') ?? w.map(() => 0);
      const delta = a.map(
        (value, i) => -(Math.sqrt(before[i]! + spec.epsilon) / Math.sqrt(value + spec.epsilon)) * g[i]!,
      );
      average('d', spec.rho, (i) => delta[i]! ** 2);
      return delta.map((value) => lr * value);
    }
    case 'lars': {
      // You, Gitman and Ginsburg (2017), algorithm 1; Nesterov as in keras.optimizers.SGD.
      const local = (spec.trustCoefficient * norm(w)) / (norm(g) + spec.weightDecay * norm(w));
      const trust = norm(w) > 0 && norm(g) > 0 ? local : 1;
      const step = g.map((value, i) => lr * trust * (value + spec.weightDecay * w[i]!));
      const v = advance('v', (old, i) => spec.momentum * old + step[i]!);
      return v.map((value, i) => -(spec.nesterov ? spec.momentum * value + step[i]! : value));
    }
    case 'lamb': {
      // You et al. (2019), algorithm 2, with phi the identity; decay decoupled as in keras.optimizers.Lamb.
      const m = average('m', spec.beta1, (i) => g[i]!);
      const v = average('v', spec.beta2, square);
      const r = m.map((value, i) => {
        const vHat = v[i]! / (1 - spec.beta2 ** t);
        return value / (1 - spec.beta1 ** t) / (Math.sqrt(vHat) + spec.epsilon);
      });
      const ratio = norm(w) > 0 && norm(r) > 0 ? norm(w) / norm(r) : 1;
      return r.map((value) => -lr * ratio * value);
    }
  }
}
