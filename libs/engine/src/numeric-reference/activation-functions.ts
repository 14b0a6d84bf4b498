/** An activation of single elements: its value at x, and its slope at x where its value is y. */
export interface ElementActivation {
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
}

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The slope of x * f(x), for a gate f with slope g. */
const gated = (f: (x: number) => number, g: (x: number) => number): ElementActivation => ({
  value: (x) => x * f(x),
  slope: (x) => f(x) + x * g(x),
});

/** The activations of TF.js that act on single elements, by the names in a layer's configuration. */
export const elementActivations: Readonly<Record<string, ElementActivation>> = {
  linear: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { value: (x) => Math.min(6, Math.max(0, x)), slope: (x) => (x > 0 && x < 6 ? 1 : 0) },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x, y) => (x > 0 ? 1 : y + 1) },
  selu: {
    value: (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
    slope: (x) => seluScale * (x > 0 ? 1 : seluAlpha * Math.exp(x)),
  },
  sigmoid: { value: sigmoid, slope: (_, y) => y * (1 - y) },
  hardSigmoid: {
    value: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
    slope: (x) => (Math.abs(x) < 2.5 ? 0.2 : 0),
  },
  tanh: { value: Math.tanh, slope: (_, y) => 1 - y * y },
  softplus: { value: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))), slope: sigmoid },
  softsign: { value: (x) => x / (1 + Math.abs(x)), slope: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  swish: gated(sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))),
  gelu: gated(
    (x) => (1 + errorFunction(x / Math.SQRT2)) / 2,
    (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
  ),
  mish: gated(
    (x) => Math.tanh(Math.log1p(Math.exp(x))),
    (x) => (1 - Math.tanh(Math.log1p(Math.exp(x))) ** 2) * sigmoid(x),
  ),
};

/** The error function by its Maclaurin series; beyond 6 it is 1 to the last bit. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 300; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
