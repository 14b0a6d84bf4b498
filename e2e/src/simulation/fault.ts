/** What can go wrong in a simulation, and when. A schedule is a list of these; each stands for itself, so any can be left out. */

/** When something goes wrong, and for how long. */
interface Span {
  readonly atMs: number;
  readonly forMs: number;
}

/** With whom: `coordinator`, or `t-0`, `t-1`, ... */
interface OnMachine extends Span {
  readonly machine: string;
}

/** Messages of the coordinator at which a trainer may be struck. */
export const struckMessages = ['openRun', 'regroup', 'frame', 'hold', 'evaluate', 'sendReplica', 'settle'] as const;

export type StruckMessage = (typeof struckMessages)[number];

/** What goes wrong with one machine. */
export type MachineFault =
  /** SIGKILL, and a new process after `forMs`. `silently`: the machine goes down too, and no peer is told. */
  | (OnMachine & { readonly kind: 'kill'; readonly silently: boolean })
  /** SIGSTOP, then SIGCONT. */
  | (OnMachine & { readonly kind: 'freeze' })
  /** Computations take `factor` times as long. */
  | (OnMachine & { readonly kind: 'slow'; readonly factor: number })
  /** SIGTERM, and a new process after `forMs`. */
  | (OnMachine & { readonly kind: 'leave' })
  /** Nothing gets through between the machine and all others; `inward` and `outward` as seen from it. */
  | (OnMachine & { readonly kind: 'partition'; readonly inward: boolean; readonly outward: boolean })
  /** Everything to and from the machine takes `factor` times as long. */
  | (OnMachine & { readonly kind: 'slow-link'; readonly factor: number })
  /** All connections of the machine are reset, or only those to `peer`. */
  | (OnMachine & { readonly kind: 'cut'; readonly peer?: string })
  /** The connection breaks on which the machine sends its `nth` message from `atMs` on: that one is lost, and what is under way. */
  | (OnMachine & { readonly kind: 'break'; readonly nth: number })
  /** Nothing gets through to `peer`, and nothing back. */
  | (OnMachine & { readonly kind: 'rift'; readonly peer: string });

/** One thing that goes wrong. */
export type Fault =
  | MachineFault
  /** SIGKILL of the coordinator, and what it wrote last is damaged when it is started again `forMs` later. */
  | (Span & { readonly kind: 'damage'; readonly what: 'checkpoint' | 'ledger' })
  /** The disk of the coordinator refuses to write: ENOSPC or EIO. */
  | (Span & { readonly kind: 'disk'; readonly error: 'full' | 'broken' })
  /** The coordinator dies before or after its `nth` write to the disk from `atMs` on, and is started again `forMs` later. */
  | (Span & { readonly kind: 'crash-at-write'; readonly nth: number; readonly when: 'before' | 'after' })
  /** From `atMs` on, at the `nth` message of that kind that the coordinator sends, its receiver is killed as by `kill`. */
  | (Span & {
      readonly kind: 'strike';
      readonly message: StruckMessage;
      readonly nth: number;
      readonly silently: boolean;
    })
  /** Somebody cancels the run, and resumes it `forMs` later. */
  | (Span & { readonly kind: 'cancel' });

/** One line for people. */
export function describeFault(fault: Fault): string {
  const where = 'machine' in fault ? ` ${fault.machine}` : '';
  const when = `${fault.kind}${where} at ${fault.atMs.toFixed(0)} ms for ${fault.forMs.toFixed(0)} ms`;
  switch (fault.kind) {
    case 'kill':
      return fault.silently ? `${when}, with its machine` : when;
    case 'slow':
    case 'slow-link':
      return `${when}, ${fault.factor.toFixed(1)} times slower`;
    case 'partition':
      return `${when}, ${[...(fault.inward ? ['inward'] : []), ...(fault.outward ? ['outward'] : [])].join(' and ')}`;
    case 'disk':
      return `${when}: ${fault.error}`;
    case 'damage':
      return `${when}: ${fault.what}`;
    case 'strike':
      return `${when}: whoever gets ${fault.message} ${String(fault.nth)}${fault.silently ? ', with its machine' : ''}`;
    case 'crash-at-write':
      return `${when}: ${fault.when} write ${String(fault.nth)}`;
    case 'rift':
      return `${when}, to ${fault.peer}`;
    case 'break':
      return `${when}, at message ${String(fault.nth)}`;
    case 'cut':
      return fault.peer === undefined ? when : `${when}, to ${fault.peer}`;
    case 'freeze':
    case 'leave':
    case 'cancel':
      return when;
  }
}
