/** Everything that decides the bits of a run, as one text, and its digest. */
import type { EarlyStopping, Schedule } from '@weft/core';
import { hash } from 'node:crypto';
import type { RunAssignment } from './run-assignment.ts';

/** The configuration as JSON with its fields in a fixed order; the run's id is no part of it. */
export function configurationText(run: RunAssignment): string {
  const { plan, seed, topology, loss, batchNormalization, dataSet, optimizer, schedule } = run;
  const settings = Object.entries(optimizer.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    [plan.batch.exampleCount, plan.batch.globalBatch, plan.batch.chunkSize, plan.epochs],
    // Defaults are left out, so that the digests of runs from before there was a choice stay as they are.
    [seed, topology, loss, ...(batchNormalization === 'ghost' ? [] : [batchNormalization])],
    [dataSet.identity, dataSet.validationSplit],
    [optimizer.name, optimizer.learningRate, settings],
    ...(schedule === undefined ? [] : [scheduleText(schedule)]),
    ...(plan.earlyStopping === undefined ? [] : [earlyStoppingText(plan.earlyStopping)]),
  ]);
}

function scheduleText(schedule: Schedule): unknown[] {
  const { decay, warmupSteps, warmupEpochs, floor, factor, decayEpochs } = schedule;
  return ['schedule', decay, warmupSteps, warmupEpochs, floor, factor, decayEpochs];
}

function earlyStoppingText({ monitor, patience, minDelta }: EarlyStopping): unknown[] {
  return ['early-stopping', monitor, patience, minDelta];
}

/** SHA-256 of `configurationText`, hexadecimal. */
export function configurationDigest(run: RunAssignment): string {
  return hash('sha256', configurationText(run), 'hex');
}
