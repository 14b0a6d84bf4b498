/** How a study is stored, and how it is put together again, course and machine, from what is stored. */
import { invariant } from '@weft/core';
import { rulesOf } from '@weft/studies';
import type { StoredStudy, StoredTrial, StudyRecord, StudyStore } from '@weft/store';
import {
  epochFact,
  gridSize,
  StudyCourse,
  StudyMachine,
  type RecordedTrial,
  type StudyDecision,
  type StudyEffect,
  type StudyFact,
} from '@weft/tuning';

/** Trials that are asked for at a time where nothing depends on results. */
const window = 64;

/** A study in memory. */
export interface RememberedStudy {
  readonly machine: StudyMachine;
  readonly trials: StoredTrial[];
  /** The objective after each epoch of each trial, turned so that lower is better. */
  readonly losses: number[][];
  /** After which epoch a trial was stopped: what came later does not count. */
  readonly stops: Map<number, number>;
  /** How many trials a grid has at most; `undefined` for other samplers. */
  readonly gridTrials: number | undefined;
  /** Whether it was told that its time is over. */
  readonly isClosed: boolean;
}

/** Reads the study. Given the same records it comes out the same, without asking samplers or pruners again. */
export function remember(store: StudyStore, study: StoredStudy): RememberedStudy {
  const { studyId, definition, execution } = study;
  const trials = store.trials(studyId);
  const records = counting(store.records(studyId));
  const decisions = decisionsOf(trials, records);
  const last = records.findLast(({ kind }) => kind === 'end' || kind === 'retried' || kind === 'extended');
  const facts = records.flatMap(factOf);
  const rules = rulesOf(definition);
  const isExtended = last?.kind === 'extended';
  const course =
    decisions.length === 0 ? new StudyCourse(rules) : StudyCourse.restore(rules, decisions, facts, isExtended);
  const machine = new StudyMachine(
    course,
    { maxAttempts: Math.max(1, execution.maxAttempts), window },
    recordedTrials(records),
    last?.kind === 'end' ? last.reason : undefined,
  );
  const losses = trials.map((): number[] => []);
  for (const fact of facts) {
    const curve = fact.kind === 'epoch' ? losses[fact.trial] : undefined;
    if (fact.kind === 'epoch' && curve !== undefined) curve[fact.epoch - 1] = fact.loss;
  }
  const stops = new Map(decisions.flatMap((made) => (made.kind === 'stop' ? [[made.trial, made.epoch]] : [])));
  const gridCells = definition.sampler?.name === 'grid' ? gridSize(rules.space) : undefined;
  const gridTrials = gridCells && Math.min(gridCells, rules.maxCells ?? gridCells) * rules.trialSeeds.length;
  const isClosed = facts.some(({ kind }) => kind === 'closed');
  return { machine, trials, losses, stops, gridTrials, isClosed };
}

/** Without closings, and ends, that the study has outgrown. */
function counting(records: readonly StudyRecord[]): StudyRecord[] {
  const extended = records.findLastIndex((record) => record.kind === 'extended' && record.moreCells);
  const retried = records.findLastIndex(({ kind }) => kind === 'retried');
  return records.filter(({ kind }, at) => (at > extended || kind !== 'closed') && (at > retried || kind !== 'end'));
}

function decisionsOf(trials: readonly StoredTrial[], records: readonly StudyRecord[]): StudyDecision[] {
  return records.flatMap((record): StudyDecision[] => {
    switch (record.kind) {
      case 'propose': {
        const stored = trials[record.trial];
        invariant(stored?.trial === record.trial, `trial ${String(record.trial)} is missing in the store`);
        const { trial, cell, seed, moment, reason, settings } = stored;
        return [{ kind: 'propose', trial: { trial, cell, seed, moment, reason, assignment: new Map(settings) } }];
      }
      case 'stop':
      case 'end':
        return [record];
      default:
        return [];
    }
  });
}

function factOf(record: StudyRecord): StudyFact[] {
  switch (record.kind) {
    case 'epoch':
      return [epochFact(record.trial, record.epoch, record.loss ?? NaN)];
    case 'complete':
    case 'diverged':
      return [{ kind: 'ended', trial: record.trial, outcome: record.kind }];
    case 'excused':
    case 'retried':
    case 'closed':
      return [record];
    default:
      return [];
  }
}

function recordedTrials(records: readonly StudyRecord[]): Map<number, RecordedTrial> {
  const recorded = new Map<number, RecordedTrial>();
  for (const record of records) {
    if (!('trial' in record) || record.kind === 'propose' || record.kind === 'epoch') continue;
    const { trial, kind } = record;
    const before = recorded.get(trial) ?? { attempts: 0 };
    if (kind === 'attempt') recorded.set(trial, { ...before, attempts: record.attempt });
    else if (kind === 'retried') {
      const { attempts } = before;
      recorded.set(trial, { attempts, attemptsBefore: attempts, ...(record.counts ? {} : { retried: 'on' }) });
    } else {
      const ended = kind !== 'stop' && before.retried !== undefined ? { retried: kind } : {};
      recorded.set(trial, { ...before, ...ended, reason: 'reason' in record ? record.reason : '' });
    }
  }
  return recorded;
}

/** What is stored of an effect, in order; nothing of most. */
export function recordsOf(effect: StudyEffect): StudyRecord[] {
  switch (effect.kind) {
    case 'record':
      return [...effect.facts.map(recordOfFact), ...effect.decisions.map(recordOfDecision)];
    case 'record-attempt':
      return [{ kind: 'attempt', trial: effect.trial, attempt: effect.attempt }];
    default:
      return [];
  }
}

function recordOfDecision(decision: StudyDecision): StudyRecord {
  return decision.kind === 'propose' ? { kind: 'propose', trial: decision.trial.trial } : decision;
}

function recordOfFact(fact: StudyFact): StudyRecord {
  switch (fact.kind) {
    case 'epoch':
      return { ...fact, loss: Number.isFinite(fact.loss) ? fact.loss : undefined };
    case 'ended':
      return { kind: fact.outcome, trial: fact.trial };
    case 'excused':
    case 'retried':
    case 'closed':
      return fact;
  }
}
