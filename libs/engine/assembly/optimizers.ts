/**
 * Optimizer kernels (AssemblyScript): one pass over parameters, gradient and slots, four elements at a time.
 *
 * Pointers are byte offsets; a slot pointer of 0 means that the spec has no such slot. `n` counts elements and is rounded
 * up to whole vectors, so up to three elements past `n` are written in every buffer that a kernel writes. Only exact
 * IEEE operations: no fused multiply-add, no relaxed SIMD. Formulas and coefficients: `src/optimizers/`; twin:
 * `src/optimizers/scalar-kernels.ts`, operation for operation.
 */
export * from './vectors';

/** average + (x - average) * rate */
function blend(average: v128, x: v128, rate: v128): v128 {
  return f32x4.add(average, f32x4.mul(f32x4.sub(x, average), rate));
}

/** average * keep + x * rate */
function mix(average: v128, x: v128, keep: v128, rate: v128): v128 {
  return f32x4.add(f32x4.mul(average, keep), f32x4.mul(x, rate));
}

export function momentum(w: usize, g: usize, m: usize, n: usize, decay: f32, learningRate: f32, nesterov: bool): void {
  const decays = f32x4.splat(decay);
  const rates = f32x4.splat(learningRate);
  for (const end = w + n * 4; w < end; w += 16, g += 16, m += 16) {
    const descent = f32x4.mul(v128.load(g), rates);
    const velocity = f32x4.sub(f32x4.mul(v128.load(m), decays), descent);
    v128.store(m, velocity);
    const change = nesterov ? f32x4.sub(f32x4.mul(velocity, decays), descent) : velocity;
    v128.store(w, f32x4.add(v128.load(w), change));
  }
}

export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  vHat: usize,
  n: usize,
  rate1: f32,
  rate2: f32,
  alpha: f32,
  epsilon: f32,
): void {
  const rates1 = f32x4.splat(rate1);
  const rates2 = f32x4.splat(rate2);
  const alphas = f32x4.splat(alpha);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, m += 16, v += 16) {
    const gradient = v128.load(g);
    const first = blend(v128.load(m), gradient, rates1);
    let second = blend(v128.load(v), f32x4.mul(gradient, gradient), rates2);
    v128.store(m, first);
    v128.store(v, second);
    if (vHat) {
      second = f32x4.pmax(v128.load(vHat), second);
      v128.store(vHat, second);
      vHat += 16;
    }
    const change = f32x4.div(f32x4.mul(first, alphas), f32x4.add(f32x4.sqrt(second), epsilons));
    v128.store(w, f32x4.sub(v128.load(w), change));
  }
}

export function nadam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  rate1: f32,
  rate2: f32,
  ofMoment: f32,
  ofGradient: f32,
  correction2: f32,
  epsilon: f32,
): void {
  const rates1 = f32x4.splat(rate1);
  const rates2 = f32x4.splat(rate2);
  const moments = f32x4.splat(ofMoment);
  const gradients = f32x4.splat(ofGradient);
  const corrections2 = f32x4.splat(correction2);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, m += 16, v += 16) {
    const gradient = v128.load(g);
    const first = blend(v128.load(m), gradient, rates1);
    const second = blend(v128.load(v), f32x4.mul(gradient, gradient), rates2);
    v128.store(m, first);
    v128.store(v, second);
    const step = f32x4.add(f32x4.mul(first, moments), f32x4.mul(gradient, gradients));
    const change = f32x4.div(step, f32x4.add(f32x4.sqrt(f32x4.mul(second, corrections2)), epsilons));
    v128.store(w, f32x4.sub(v128.load(w), change));
  }
}

export function adamax(
  w: usize,
  g: usize,
  m: usize,
  u: usize,
  n: usize,
  rate1: f32,
  decay2: f32,
  alpha: f32,
  epsilon: f32,
): void {
  const rates1 = f32x4.splat(rate1);
  const decays2 = f32x4.splat(decay2);
  const alphas = f32x4.splat(alpha);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, m += 16, u += 16) {
    const gradient = v128.load(g);
    const first = blend(v128.load(m), gradient, rates1);
    const norm = f32x4.pmax(f32x4.mul(v128.load(u), decays2), f32x4.abs(gradient));
    v128.store(m, first);
    v128.store(u, norm);
    const change = f32x4.div(f32x4.mul(first, alphas), f32x4.add(norm, epsilons));
    v128.store(w, f32x4.sub(v128.load(w), change));
  }
}

export function rmsprop(
  w: usize,
  g: usize,
  v: usize,
  average: usize,
  m: usize,
  n: usize,
  rho: f32,
  rate: f32,
  decay: f32,
  learningRate: f32,
  epsilon: f32,
): void {
  const rhos = f32x4.splat(rho);
  const rates = f32x4.splat(rate);
  const decays = f32x4.splat(decay);
  const learningRates = f32x4.splat(learningRate);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, v += 16) {
    const gradient = v128.load(g);
    let second = mix(v128.load(v), f32x4.mul(gradient, gradient), rhos, rates);
    v128.store(v, second);
    if (average) {
      const mean = mix(v128.load(average), gradient, rhos, rates);
      v128.store(average, mean);
      second = f32x4.pmax(f32x4.sub(second, f32x4.mul(mean, mean)), f32x4.splat(0));
      average += 16;
    }
    let change = f32x4.div(f32x4.mul(gradient, learningRates), f32x4.sqrt(f32x4.add(second, epsilons)));
    if (m) {
      change = f32x4.add(f32x4.mul(v128.load(m), decays), change);
      v128.store(m, change);
      m += 16;
    }
    v128.store(w, f32x4.sub(v128.load(w), change));
  }
}

export function adagrad(w: usize, g: usize, a: usize, n: usize, learningRate: f32, epsilon: f32): void {
  const rates = f32x4.splat(learningRate);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, a += 16) {
    const gradient = v128.load(g);
    const sum = f32x4.add(v128.load(a), f32x4.mul(gradient, gradient));
    v128.store(a, sum);
    const change = f32x4.div(f32x4.mul(gradient, rates), f32x4.sqrt(f32x4.add(sum, epsilons)));
    v128.store(w, f32x4.sub(v128.load(w), change));
  }
}

export function adadelta(
  w: usize,
  g: usize,
  a: usize,
  d: usize,
  n: usize,
  rho: f32,
  rate: f32,
  learningRate: f32,
  epsilon: f32,
): void {
  const rhos = f32x4.splat(rho);
  const rates = f32x4.splat(rate);
  const learningRates = f32x4.splat(learningRate);
  const epsilons = f32x4.splat(epsilon);
  for (const end = w + n * 4; w < end; w += 16, g += 16, a += 16, d += 16) {
    const gradient = v128.load(g);
    const gradients = mix(v128.load(a), f32x4.mul(gradient, gradient), rhos, rates);
    const deltas = v128.load(d);
    const delta = f32x4.div(
      f32x4.mul(f32x4.sqrt(f32x4.add(deltas, epsilons)), gradient),
      f32x4.sqrt(f32x4.add(gradients, epsilons)),
    );
    v128.store(a, gradients);
    v128.store(d, mix(deltas, f32x4.mul(delta, delta), rhos, rates));
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(delta, learningRates)));
  }
}

/** Replaces the gradient by LAMB's direction; the parameters are changed afterwards, variable by variable. */
export function lambDirection(
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  rate1: f32,
  rate2: f32,
  correction1: f32,
  correction2: f32,
  epsilon: f32,
): void {
  const rates1 = f32x4.splat(rate1);
  const rates2 = f32x4.splat(rate2);
  const corrections1 = f32x4.splat(correction1);
  const corrections2 = f32x4.splat(correction2);
  const epsilons = f32x4.splat(epsilon);
  for (const end = g + n * 4; g < end; g += 16, m += 16, v += 16) {
    const gradient = v128.load(g);
    const first = blend(v128.load(m), gradient, rates1);
    const second = blend(v128.load(v), f32x4.mul(gradient, gradient), rates2);
    v128.store(m, first);
    v128.store(v, second);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, corrections2)), epsilons);
    v128.store(g, f32x4.div(f32x4.mul(first, corrections1), root));
  }
}
