/**
 * Gangs for runs that lack trainers to go on. A gang is given whole or not at all, so two runs never hold halves that neither can
 * use. Idle trainers are kept for the run whose turn it is until the rest of its gang is there, so that a large gang's turn comes
 * however many small ones are submitted meanwhile.
 */
import type { Board } from './board.ts';
import { ClaimOrder, compareSurplus } from './fair-order.ts';
import type { PlacedRun, PlacedTrainer } from './placement-request.ts';

/** A run that lacks trainers for so long lets the others go: they are of no use to it. */
const patienceMs = 10_000;
/** So many runs that wait are told precisely why. */
const mostExplained = 256;

export function placeClaims(board: Board): void {
  const { runs } = board;
  const order = new ClaimOrder(
    board,
    runs.filter((run) => !board.isOn(run) || board.missing(run) > 0),
  );
  let examined = 0;
  for (let run = order.next(); run !== undefined; run = order.next()) {
    const exhausted = ++examined > mostExplained && board.free.length + board.coming.length === 0;
    if (exhausted) board.waiting.set(run.id, 'waiting for its turn');
    else claim(board, run);
  }
}

/** Gives `run` what it lacks, or what comes closest to it. */
function claim(board: Board, run: PlacedRun): void {
  const missing = board.missing(run);
  const engines = enginesFor(board, run);
  for (const engine of engines) {
    const gang = fitting(board, run, engine, board.free).slice(0, missing);
    if (gang.length < missing) continue;
    settle(board, run, gang);
    return;
  }
  for (const engine of engines) if (awaitGang(board, run, engine, missing)) return;
  const isKept = engines.some((engine) => keepFor(board, run, engine, missing));
  const why = isKept ? 'the others are at work for other runs' : attachedText(board, run);
  board.waiting.set(run.id, `${lack(board, run)}: ${why}`);
}

function settle(board: Board, run: PlacedRun, gang: readonly PlacedTrainer[]): void {
  if (!board.isOn(run)) {
    board.start(run, gang, `${count(gang.length)} ${gang.length === 1 ? 'is' : 'are'} idle`);
    return;
  }
  const reason = lack(board, run);
  for (const trainer of gang) board.give(run, trainer, reason);
}

/** Where trainers that are on their way, and those that others can spare, make the gang whole: has them let go. */
function awaitGang(board: Board, run: PlacedRun, engine: string, missing: number): boolean {
  const idle = fitting(board, run, engine, board.free);
  const coming = fitting(board, run, engine, board.coming);
  const short = missing - idle.length - coming.length;
  const spared = spareTrainers(board, run, engine, short);
  if (spared.length < short) return false;
  const reason = `run ${run.id} is ${lack(board, run)}`;
  board.waiting.set(run.id, `${lack(board, run)}: they finish what they have in hand`);
  for (const { from, trainer } of spared) board.take(from, trainer, reason);
  board.reserve([...idle, ...coming, ...spared.map(({ trainer }) => trainer)].slice(0, missing));
  board.promised.add(run.id);
  return true;
}

interface Spared {
  readonly from: PlacedRun;
  readonly trainer: PlacedTrainer;
}

/** At most `wanted` trainers that runs of no higher priority have beyond their need, or that can do nothing where they are. */
function spareTrainers(board: Board, claimant: PlacedRun, engine: string, wanted: number): Spared[] {
  const spared: Spared[] = [];
  if (wanted <= 0) return spared;
  const givers = board.runs
    .filter((run) => run.priority <= claimant.priority && board.surplus(run) > 0)
    .sort((a, b) => compareSurplus(board, a, b));
  const stuck = board.runs.filter((run) => run !== claimant && isStuck(board, run));
  for (const from of [...stuck, ...givers]) {
    const able = fitting(board, claimant, engine, board.held(from)).reverse();
    const most = isStuck(board, from) ? able.length : board.surplus(from);
    spared.push(...able.slice(0, most).map((trainer) => ({ from, trainer })));
    if (spared.length >= wanted) return spared.slice(0, wanted);
  }
  return spared;
}

/** Whether a run has waited so long for more trainers that those it has are better used elsewhere. */
function isStuck(board: Board, run: PlacedRun): boolean {
  if (!run.isOn || board.missing(run) === 0 || board.held(run).length === 0 || board.promised.has(run.id)) return false;
  const waitedMs = board.nowMs - run.changedMs;
  if (waitedMs < patienceMs) board.again(patienceMs - waitedMs);
  return waitedMs >= patienceMs;
}

/** Keeps idle trainers for a gang that is whole once other runs have ended. Tells whether that can be. */
function keepFor(board: Board, run: PlacedRun, engine: string, missing: number): boolean {
  const held = board.held(run);
  const able = fitting(board, run, engine, board.trainers).filter(
    (trainer) => !trainer.leaving && !held.includes(trainer),
  );
  if (able.length < missing) return false;
  board.reserve(
    [...fitting(board, run, engine, board.free), ...fitting(board, run, engine, board.coming)].slice(0, missing),
  );
  return true;
}

/** The engines that the run could have, those with the most idle trainers first. For a study, which keeps to one, the most common. */
function enginesFor(board: Board, run: PlacedRun): string[] {
  const fingerprint = board.fingerprintOf(run);
  if (fingerprint !== '') return [fingerprint];
  const common = run.group === '' ? undefined : commonEngine(board, run);
  if (common !== undefined) return [common];
  const idle = new Map<string, number>();
  for (const trainer of [...board.free, ...board.trainers]) {
    const isIdle = board.free.includes(trainer);
    idle.set(trainer.engineFingerprint, (idle.get(trainer.engineFingerprint) ?? 0) + Number(isIdle));
  }
  return [...idle].sort((a, b) => b[1] - a[1]).map(([engine]) => engine);
}

/** The engine of the most trainers that could work for `run`, where they are enough for it. */
function commonEngine(board: Board, run: PlacedRun): string | undefined {
  const counts = new Map<string, number>();
  for (const trainer of board.trainers) {
    if (trainer.leaving || !board.fits(run, trainer)) continue;
    counts.set(trainer.engineFingerprint, (counts.get(trainer.engineFingerprint) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return most === undefined || most[1] < run.required ? undefined : most[0];
}

function fitting(board: Board, run: PlacedRun, engine: string, trainers: readonly PlacedTrainer[]): PlacedTrainer[] {
  return trainers.filter((trainer) => isAble(board, run, engine, trainer));
}

function isAble(board: Board, run: PlacedRun, engine: string, trainer: PlacedTrainer): boolean {
  return trainer.engineFingerprint === engine && board.fits(run, trainer);
}

function attachedText(board: Board, run: PlacedRun): string {
  const staying = board.trainers.filter(({ leaving }) => !leaving);
  const able = staying.filter((trainer) => board.fits(run, trainer)).length;
  if (able > 0) return `${String(able)} ${able === 1 ? 'is' : 'are'} attached`;
  const engine = board.fingerprintOf(run);
  const isOther = engine !== '' && staying.some(({ engineFingerprint }) => engineFingerprint !== engine);
  return isOther ? `none with the engine that it began on is attached ("${engine}")` : 'none is attached';
}

function lack(board: Board, run: PlacedRun): string {
  return `waiting for ${String(board.missing(run))} of ${count(run.required)}`;
}

function count(trainers: number): string {
  return `${String(trainers)} trainer${trainers === 1 ? '' : 's'}`;
}
