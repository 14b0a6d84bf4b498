/**
 * The scalar twin of the optimizer kernels: the same operations in the same order, one element at a time, each rounded to
 * float32. The tests hold the WebAssembly kernels to its bytes; nothing else uses it but the benchmark.
 */
import type { KernelMemory } from '../kernels/kernel-module.ts';
import type { OptimizerKernels } from './optimizer-kernels.ts';

const { abs, fround: f, sqrt } = Math;
const smallestNormal = 2 ** -126;

function blend(average: number, x: number, rate: number): number {
  return f(average + f(f(x - average) * rate));
}

function mix(average: number, x: number, keep: number, rate: number): number {
  return f(f(average * keep) + f(x * rate));
}

/** The greater one; the first where they cannot be compared. */
function greater(a: number, b: number): number {
  return a < b ? b : a;
}

/** The kernels in plain TypeScript, working on `memory`. */
export function scalarKernels(memory: KernelMemory): OptimizerKernels {
  const exactly = (pointer: number, n: number): Float32Array => new Float32Array(memory.buffer, pointer, n);
  const whole = (pointer: number, n: number): Float32Array => exactly(pointer, (n + 3) & ~3);
  const optional = (pointer: number, n: number): Float32Array | undefined =>
    pointer === 0 ? undefined : whole(pointer, n);

  return {
    scale(x, n, factor) {
      const values = exactly(x, n);
      for (let i = 0; i < n; i++) values[i]! *= f(factor);
    },

    addScaled(y, x, n, factor) {
      const [sums, values, c] = [exactly(y, n), exactly(x, n), f(factor)];
      for (let i = 0; i < n; i++) sums[i]! += f(values[i]! * c);
    },

    divide(x, n, divisor) {
      const values = exactly(x, n);
      for (let i = 0; i < n; i++) values[i]! /= f(divisor);
      return values.every((value) => Number.isFinite(value)) ? 1 : 0;
    },

    sumOfSquares(x, n) {
      const values = exactly(x, n);
      const lanes = new Float64Array(8);
      const end = n - (n % 8);
      for (let i = 0; i < end; i++) lanes[i % 8]! += values[i]! * values[i]!;
      const pair = (first: number): number => lanes[first]! + lanes[first + 1]!;
      let sum = pair(0) + pair(2) + (pair(4) + pair(6));
      for (let i = end; i < n; i++) sum += values[i]! * values[i]!;
      return sum;
    },

    firstNonFinite(x, n) {
      const first = exactly(x, n).findIndex((value) => !Number.isFinite(value));
      return first === -1 ? n : first;
    },

    flushSubnormals(x, n) {
      const values = exactly(x, n);
      for (let i = 0; i < n; i++) if (abs(values[i]!) < smallestNormal) values[i] = 0;
    },

    momentum(w, g, m, n, decay, learningRate, nesterov) {
      const [ws, gs, ms] = [whole(w, n), whole(g, n), whole(m, n)];
      const [mu, lr] = [f(decay), f(learningRate)];
      for (let i = 0; i < ws.length; i++) {
        const descent = f(gs[i]! * lr);
        const velocity = f(f(ms[i]! * mu) - descent);
        ms[i] = velocity;
        ws[i]! += nesterov ? f(f(velocity * mu) - descent) : velocity;
      }
    },

    adam(w, g, m, v, vHat, n, rate1, rate2, alpha, epsilon) {
      const [ws, gs, ms, vs, hats] = [whole(w, n), whole(g, n), whole(m, n), whole(v, n), optional(vHat, n)];
      const [r1, r2, a, e] = [f(rate1), f(rate2), f(alpha), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const gradient = gs[i]!;
        const first = blend(ms[i]!, gradient, r1);
        let second = blend(vs[i]!, f(gradient * gradient), r2);
        ms[i] = first;
        vs[i] = second;
        if (hats !== undefined) {
          second = greater(hats[i]!, second);
          hats[i] = second;
        }
        ws[i]! -= f(f(first * a) / f(f(sqrt(second)) + e));
      }
    },

    nadam(w, g, m, v, n, rate1, rate2, ofMoment, ofGradient, correction2, epsilon) {
      const [ws, gs, ms, vs] = [whole(w, n), whole(g, n), whole(m, n), whole(v, n)];
      const [r1, r2, cm, cg, c2, e] = [f(rate1), f(rate2), f(ofMoment), f(ofGradient), f(correction2), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const gradient = gs[i]!;
        const first = blend(ms[i]!, gradient, r1);
        const second = blend(vs[i]!, f(gradient * gradient), r2);
        ms[i] = first;
        vs[i] = second;
        ws[i]! -= f(f(f(first * cm) + f(gradient * cg)) / f(f(sqrt(f(second * c2))) + e));
      }
    },

    adamax(w, g, m, u, n, rate1, decay2, alpha, epsilon) {
      const [ws, gs, ms, us] = [whole(w, n), whole(g, n), whole(m, n), whole(u, n)];
      const [r1, d2, a, e] = [f(rate1), f(decay2), f(alpha), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const first = blend(ms[i]!, gs[i]!, r1);
        const norm = greater(f(us[i]! * d2), abs(gs[i]!));
        ms[i] = first;
        us[i] = norm;
        ws[i]! -= f(f(first * a) / f(norm + e));
      }
    },

    rmsprop(w, g, v, average, m, n, rho, rate, decay, learningRate, epsilon) {
      const [ws, gs, vs, averages, ms] = [whole(w, n), whole(g, n), whole(v, n), optional(average, n), optional(m, n)];
      const [keep, r, mu, lr, e] = [f(rho), f(rate), f(decay), f(learningRate), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const gradient = gs[i]!;
        let second = mix(vs[i]!, f(gradient * gradient), keep, r);
        vs[i] = second;
        if (averages !== undefined) {
          const mean = mix(averages[i]!, gradient, keep, r);
          averages[i] = mean;
          second = greater(f(second - f(mean * mean)), 0);
        }
        let change = f(f(gradient * lr) / f(sqrt(f(second + e))));
        if (ms !== undefined) {
          change = f(f(ms[i]! * mu) + change);
          ms[i] = change;
        }
        ws[i]! -= change;
      }
    },

    adagrad(w, g, a, n, learningRate, epsilon) {
      const [ws, gs, sums] = [whole(w, n), whole(g, n), whole(a, n)];
      const [lr, e] = [f(learningRate), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const gradient = gs[i]!;
        const sum = f(sums[i]! + f(gradient * gradient));
        sums[i] = sum;
        ws[i]! -= f(f(gradient * lr) / f(sqrt(f(sum + e))));
      }
    },

    adadelta(w, g, a, d, n, rho, rate, learningRate, epsilon) {
      const [ws, gs, gradients, deltas] = [whole(w, n), whole(g, n), whole(a, n), whole(d, n)];
      const [keep, r, lr, e] = [f(rho), f(rate), f(learningRate), f(epsilon)];
      for (let i = 0; i < ws.length; i++) {
        const gradient = gs[i]!;
        const square = mix(gradients[i]!, f(gradient * gradient), keep, r);
        const delta = f(f(f(sqrt(f(deltas[i]! + e))) * gradient) / f(sqrt(f(square + e))));
        gradients[i] = square;
        deltas[i] = mix(deltas[i]!, f(delta * delta), keep, r);
        ws[i]! -= f(delta * lr);
      }
    },

    lambDirection(g, m, v, n, rate1, rate2, correction1, correction2, epsilon) {
      const [gs, ms, vs] = [whole(g, n), whole(m, n), whole(v, n)];
      const [r1, r2, c1, c2, e] = [f(rate1), f(rate2), f(correction1), f(correction2), f(epsilon)];
      for (let i = 0; i < gs.length; i++) {
        const gradient = gs[i]!;
        const first = blend(ms[i]!, gradient, r1);
        const second = blend(vs[i]!, f(gradient * gradient), r2);
        ms[i] = first;
        vs[i] = second;
        gs[i] = f(f(first * c1) / f(f(sqrt(f(second * c2))) + e));
      }
    },
  };
}
