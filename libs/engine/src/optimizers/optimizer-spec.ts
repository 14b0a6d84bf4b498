/**
 * Optimizers as data: a name with all of its hyperparameters, nothing implied. Equal specs give equal bytes.
 *
 * Names, meanings and defaults are those of Keras 3; LARS, which Keras lacks, follows You, Gitman and Ginsburg (2017). The
 * learning rate is no part of a spec: the caller gives it for each step.
 */

/** Options that every optimizer has. */
export interface CommonOptions {
  /**
   * Decoupled weight decay, as in Keras: parameters shrink by learningRate * weightDecay before the update. 0 turns it
   * off. For LARS it is the coefficient of the L2 term in the gradient, as published.
   */
  readonly weightDecay: number;
  /** Gradients whose norm over all trainable variables is greater are scaled down to it. 0 turns clipping off. */
  readonly globalClipNorm: number;
}

interface MomentumOptions extends CommonOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
}

interface MomentOptions extends CommonOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Stochastic gradient descent; with momentum 0 it keeps no slot. */
export interface SgdSpec extends MomentumOptions {
  readonly name: 'sgd';
}

/** Adam of Kingma and Ba (2014); AdamW is the same with another default of `weightDecay`. */
export interface AdamSpec extends MomentOptions {
  readonly name: 'adam' | 'adamw';
  /** The variant of Reddi et al. (2018), which divides by the greatest second moment so far. */
  readonly amsgrad: boolean;
}

/** Adam with Nesterov momentum, Dozat (2015). */
export interface NadamSpec extends MomentOptions {
  readonly name: 'nadam';
}

/** Adam with the infinity norm, Kingma and Ba (2014), section 7.1. */
export interface AdamaxSpec extends MomentOptions {
  readonly name: 'adamax';
}

/** RMSprop of Hinton (2012), with plain momentum. */
export interface RmspropSpec extends CommonOptions {
  readonly name: 'rmsprop';
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  /** Divide by the estimated variance instead of the mean square. */
  readonly centered: boolean;
}

/** Adagrad of Duchi, Hazan and Singer (2011). */
export interface AdagradSpec extends CommonOptions {
  readonly name: 'adagrad';
  readonly initialAccumulator: number;
  readonly epsilon: number;
}

/** Adadelta of Zeiler (2012), scaled by a learning rate. */
export interface AdadeltaSpec extends CommonOptions {
  readonly name: 'adadelta';
  readonly rho: number;
  readonly epsilon: number;
}

/** Layer-wise adaptive rate scaling, You, Gitman and Ginsburg (2017). */
export interface LarsSpec extends MomentumOptions {
  readonly name: 'lars';
  /** The paper's eta: how much of a variable's norm one step may change. */
  readonly trustCoefficient: number;
}

/** Layer-wise adaptive moments, You et al. (2019), with Keras's decoupled weight decay. */
export interface LambSpec extends MomentOptions {
  readonly name: 'lamb';
}

export type OptimizerSpec =
  SgdSpec | AdamSpec | NadamSpec | AdamaxSpec | RmspropSpec | AdagradSpec | AdadeltaSpec | LarsSpec | LambSpec;

export type OptimizerName = OptimizerSpec['name'];
