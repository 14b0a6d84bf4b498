/** Every known mistake that simulations must find. A text that no longer matches fails the tests: the mistake moves with the code. */
import type { Edit, Mutation } from './mutation.ts';

const machine = (name: string): string => `libs/core/src/run/${name}.ts`;
const coordinator = (name: string): string => `services/coordinator/src/${name}.ts`;
const trainer = (name: string): string => `services/trainer/src/${name}.ts`;

/** A mistake: the name, what it breaks, and what is replaced by what in which file. */
function mutation(name: string, breaks: string, ...edits: readonly (readonly [string, string, string])[]): Mutation {
  return { name, breaks, edits: edits.map(([file, find, replace]): Edit => ({ file, find, replace })) };
}

/** Mistakes in sums and steps. */
const steps: readonly Mutation[] = [
  mutation('arrival-order', 'partials are added as they come, not along the tree', [
    coordinator('run/step-reduction'),
    "order === 'tree' ? new TreeSum(chunkCount, add) : new ArrivalSum(add)",
    'new ArrivalSum(add)',
  ]),
  mutation('mean-of-full-batch', 'the short last batch of an epoch is divided by the length of a full one', [
    coordinator('run/run-driver'),
    'const examples = exampleCountAt(this.plan, position);',
    'const examples = this.plan.batch.globalBatch;',
  ]),
  mutation('early-commit', 'a step is committed before its last chunk has arrived', [
    machine('chunk-ledger'),
    'return this.#missing === 0;',
    'return this.#missing <= 1;',
  ]),
  mutation('partials-kept', 'a trainer takes partials of the last step for those of the next', [
    trainer('compute/own-partials'),
    'this.#computed.clear();',
    '',
  ]),
  mutation('hold-ignored', 'a trainer goes on where it was told to hold', [
    trainer('compute/train-loop'),
    'if (command.hold || assignment === undefined) return;',
    'if (assignment === undefined) return;',
  ]),
  mutation('hold-by-arrival', 'whoever is heard last decides whether a gang stops', [
    'libs/core/src/direct/direct-step.ts',
    'if (rank === 0) this.#hold = hold;',
    'this.#hold = hold;',
  ]),
  mutation('buffers-shared', 'sums of the next step are written over those that are still on their way', [
    trainer('compute/own-partials'),
    'this.#buffers[run.position % 2 === 0 ? 0 : 1]',
    'this.#buffers[0]',
  ]),
];

/** Mistakes of runs that end early. */
const earlyEnds: readonly Mutation[] = [
  mutation('patience-forgotten', 'a coordinator that starts again does not count the epochs before', [
    machine('course'),
    'new Patience(plan.earlyStopping, recorded)',
    'new Patience(plan.earlyStopping)',
  ]),
  mutation('star-sums-missing', 'steps that the coordinator commits count for nothing when a run is to end early', [
    machine('run-machine'),
    'run.course.addSums(event);',
    '',
  ]),
];

/** Mistakes after losses. */
const losses: readonly Mutation[] = [
  mutation('lost-chunks', 'chunks of a lost trainer are given to nobody', [
    machine('losing'),
    'phase.chunks.reassign(trainer, members);',
    '',
  ]),
  mutation('lost-chunks-of-a-gang', 'chunks that a gang has lost with a trainer are given to nobody', [
    machine('gang'),
    'for (const trainer of this.#lost) ledger.reassign(trainer, survivors);',
    'void survivors;',
  ]),
  mutation('arrived-chunks-again', 'chunks of a lost trainer that have arrived are given to others', [
    machine('chunk-ledger'),
    'this.#arrived[chunk] === false;',
    'this.#arrived[chunk] !== undefined;',
  ]),
  mutation('chunks-twice', 'a survivor computes its chunks again when others are lost', [
    trainer('compute/own-partials'),
    'if (known !== undefined) return known;',
    'void known;',
  ]),
  mutation('partials-withheld', 'what was computed for a gang that came apart does not go to the coordinator', [
    trainer('compute/train-loop'),
    'if (own.isReported(node)) continue;',
    'if (own.has(node)) continue;',
  ]),
  mutation('same-generation', 'a loss does not make a new generation', [
    machine('membership'),
    'if (rank === -1) return;\n    this.#generation++;',
    'if (rank === -1) return;',
  ]),
  mutation(
    'stale-partials',
    'what was sent for an earlier generation is added to a later one',
    [
      trainer('compute/direct-gang'),
      'if (generation !== this.assignment.generation) {',
      'if (generation > this.assignment.generation) {',
    ],
    [trainer('compute/train-loop'), 'if (command.label.generation < this.#fence) return;', ''],
  ),
  mutation(
    'earlier-run',
    'what was sent for a run that has ended is added to the next one',
    [trainer('compute/train-loop'), 'if (command.label.runId !== this.runId) return;', ''],
    [trainer('work/session'), 'this.#parts.peers?.closed();', ''],
  ),
  mutation('laggards-left-behind', 'a member that is a step behind is not brought up to date', [
    machine('autonomy'),
    'run.members.filter((id) => gang.settling.positionOf(id) < foremost)',
    'run.members.filter((id) => gang.settling.positionOf(id) > foremost)',
  ]),
  mutation('steps-forgotten', 'survivors do not tell of steps that only the lost first rank had reported', [
    trainer('compute/step-reports'),
    'return this.#facts.since(position);',
    'return this.#facts.since(this.#facts.end);',
  ]),
  mutation(
    'newcomer-without-snapshot',
    'a newcomer takes part from position 0 instead of copying a replica',
    [machine('joining'), 'const joining = run.candidates.at(run.position);', 'const joining = run.candidates.ready();'],
    [
      machine('pausing'),
      'const behind = run.course.isOver ? [] : run.candidates.elsewhere(boundary.position);',
      'const behind: never[] = [];',
    ],
  ),
  mutation('snapshot-of-the-lost', 'a snapshot is awaited from a trainer that is gone', [
    machine('boundary'),
    "if (this.#snapshot === 'requested' && this.#snapshotFrom === lost) this.#snapshot = 'none';",
    '',
  ]),
];

/** Mistakes of the coordinator with what it stores and whom it hears. */
const coordination: readonly Mutation[] = [
  mutation('generation-not-stored', 'a restarted coordinator uses generations again', [
    coordinator('run/run-record'),
    'store.update(this.#run.runId, { generation: this.#machine.generation });',
    'void store;',
  ]),
  mutation('ledger-not-rolled-back', 'lines of steps that are done again stay in the ledger', [
    coordinator('run/ledger-recorder'),
    'this.#store.truncateLedger(this.#run.runId, position);',
    '',
  ]),
  mutation('epoch-before-its-lines', 'an epoch is recorded while lines of its steps are only in memory', [
    coordinator('run/run-driver'),
    "case 'record-epoch':\n        this.#ledger.flush();",
    "case 'record-epoch':",
  ]),
  mutation('epoch-before-its-checkpoint', 'an epoch is recorded before its checkpoint is on disk', [
    machine('boundary'),
    "this.#checkpoint === 'not-due' || this.#checkpoint === 'written'",
    "this.#checkpoint !== 'due'",
  ]),
  mutation('loss-untold', 'a run is not told that one of its trainers is gone', [
    coordinator('cluster/cluster'),
    "member.driver?.post({ kind: 'trainer-lost', trainer: id, reason });",
    '',
  ]),
  mutation('silence-unheard', 'a trainer that is silent is waited for', [
    coordinator('cluster/cluster'),
    'silentTrainers(heard, nowMs, this.#settings.heartbeatTimeoutMs)',
    'silentTrainers(heard, nowMs, Infinity)',
  ]),
  mutation('no-reconnect', 'a trainer gives up when its coordinator is gone for a moment', [
    trainer('work/attachments'),
    "const passing: readonly ErrorCode[] = ['unavailable', 'timeout'];",
    'const passing: readonly ErrorCode[] = [];',
  ]),
  mutation('overtaking', 'a message overtakes the frames that wait before it', [
    'libs/wire/src/outbound-queue.ts',
    'this.sendAll([message], () => undefined);',
    'this.#stream.sendEncoded(message);',
  ]),
];

export const mutations: readonly Mutation[] = [...steps, ...earlyEnds, ...losses, ...coordination];
