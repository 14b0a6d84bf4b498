/** Everything that a simulation is, drawn from its seed: the run, the cluster, the network, and what goes wrong. */
import { chunkCountOfStep, monitors, stepsPerEpoch, type RunPlan } from '@weft/core';
import { Draws, type LinkSpeed } from '@weft/sim';
import { drawFaults } from './fault-schedule.ts';
import type { Fault } from './fault.ts';

export interface Scenario {
  readonly seed: number;
  readonly plan: RunPlan;
  readonly runSeed: number;
  /** Elements of a contribution. */
  readonly elements: number;
  readonly minTrainers: number;
  /** Trainers to wait for before the first step. */
  readonly startTrainers: number;
  readonly transport: 'auto' | 'star' | 'direct';
  /** Which trainers others can reach. */
  readonly reachable: readonly boolean[];
  /** When each trainer is started for the first time, in milliseconds. */
  readonly startMs: readonly number[];
  /** How long one chunk takes. */
  readonly chunkMs: number;
  /** Whether a trainer that computes is deaf meanwhile. */
  readonly blocking: boolean;
  readonly speed: LinkSpeed;
  readonly windowBytes: number;
  readonly heartbeatTimeoutMs: number;
  readonly faults: readonly Fault[];
  /** How long a trainer takes to load a run. */
  readonly loadMs: number;
  /** When a run before this one is cancelled, and this one submitted; absent where there is none before. */
  readonly predecessorEndMs?: number;
}

/** What may be asked for instead of drawn. */
export interface ScenarioChoice {
  readonly trainers?: number | undefined;
}

/** Parts of the seed's draws; see `Draws`. */
const clusterPart = 2;
const watchPart = 5;
const predecessorPart = 6;

/** The scenario of `seed`. */
export function drawScenario(seed: number, choice: ScenarioChoice = {}): Scenario {
  const draws = new Draws(seed, clusterPart);
  const isLarge = draws.chance(0.04);
  const plan = withEarlyStopping(drawPlan(draws), new Draws(seed, watchPart));
  const drawnTrainers = draws.chance(0.03) ? draws.integer(9, 64) : draws.integer(1, draws.chance(0.5) ? 4 : 8);
  const trainers = choice.trainers ?? drawnTrainers;
  const chunkMs = draws.magnitude(5, 400);
  const horizonMs = 500 + estimateMs(plan, chunkMs, trainers);
  const startMs = Array.from({ length: trainers }, () =>
    draws.chance(0.6) ? draws.between(0, 300) : draws.between(0, horizonMs),
  );
  const isObstructed = draws.chance(0.1);
  const scenario = {
    seed,
    plan,
    elements: isLarge ? draws.integer(70_000, 140_000) : draws.integer(6, 40),
    runSeed: draws.integer(0, 1_000_000),
    minTrainers: draws.chance(0.6) ? 1 : draws.integer(1, Math.min(trainers, 3)),
    startTrainers: draws.chance(0.5) ? 1 : draws.integer(1, Math.min(trainers, 4)),
    transport: draws.pick<Scenario['transport']>(['star', 'direct', 'auto']),
    reachable: startMs.map(() => !isObstructed || draws.chance(0.7)),
    startMs,
    chunkMs,
    blocking: draws.chance(0.5),
    speed: {
      latencyMs: draws.magnitude(0.05, 20),
      jitterMs: draws.magnitude(0.05, 40),
      bytesPerMs: draws.magnitude(isLarge ? 5_000 : 20, 100_000),
    },
    windowBytes: draws.chance(0.4) ? 65_536 : draws.integer(1, 600),
    heartbeatTimeoutMs: 3000,
    loadMs: 0,
  };
  const faults = drawFaults(seed, trainers, horizonMs);
  return withPredecessor({ ...scenario, faults }, horizonMs, new Draws(seed, predecessorPart));
}

/** When the last fault is over, and the run submitted. */
export function calmMs({ startMs, faults, predecessorEndMs = 0 }: Scenario): number {
  return Math.max(predecessorEndMs, ...startMs, ...faults.map(({ atMs, forMs }) => atMs + forMs));
}

function drawPlan(draws: Draws): RunPlan {
  const globalBatch = draws.integer(1, 40);
  const steps = draws.integer(1, 12);
  const exampleCount = Math.max(globalBatch, globalBatch * steps - draws.integer(0, globalBatch - 1));
  return {
    batch: { exampleCount, globalBatch, chunkSize: draws.integer(1, Math.max(1, Math.ceil(globalBatch / 3))) },
    epochs: draws.integer(1, 5),
    evaluationExamples: { validation: draws.integer(1, 1200), test: draws.integer(1, 700) },
  };
}

/** Some runs end early: what is watched falls and rises with the draws of the synthetic model. */
function withEarlyStopping(plan: RunPlan, draws: Draws): RunPlan {
  if (!draws.chance(0.4)) return plan;
  const [monitor, patience] = [draws.pick(monitors), draws.integer(1, 2)];
  return { ...plan, earlyStopping: { monitor, patience, minDelta: draws.pick([0, 0.01, 0.5]) } };
}

/**
 * In some scenarios whose trainers may exchange directly, a run that is cancelled makes room for this one. Loading takes time there, and
 * in half of them nothing else goes wrong: both runs then come to the same generations, which is what is dangerous.
 */
function withPredecessor(scenario: Scenario, horizonMs: number, draws: Draws): Scenario {
  const { plan, startMs } = scenario;
  if (startMs.length === 1 || scenario.transport === 'star' || plan.earlyStopping !== undefined) return scenario;
  if (!draws.chance(0.6)) return scenario;
  const predecessorEndMs = draws.between(0.1, 0.9) * horizonMs;
  const transport = draws.chance(0.8) ? 'direct' : scenario.transport;
  const loadMs = draws.magnitude(5, 500);
  return { ...scenario, transport, predecessorEndMs, loadMs, faults: draws.chance(0.5) ? [] : scenario.faults };
}

function estimateMs(plan: RunPlan, chunkMs: number, trainers: number): number {
  const chunks = chunkCountOfStep(plan.batch, 0);
  return plan.epochs * stepsPerEpoch(plan.batch) * chunkMs * Math.ceil(chunks / trainers);
}
