/** What can go wrong in a simulation, and when. A schedule is a list of these; each stands for itself, so any can be left out. */

/** One thing that goes wrong at `atMs`, for `forMs` where it passes. Machines are `coordinator` and `t-0`, `t-1`, ... */
export type Fault =
  /** SIGKILL, and a new process after `forMs`. `silently`: the machine goes down, and no peer is told. */
  | {
      readonly kind: 'kill';
      readonly atMs: number;
      readonly machine: string;
      readonly forMs: number;
      readonly silently: boolean;
    }
  /** SIGSTOP, then SIGCONT. */
  | { readonly kind: 'freeze'; readonly atMs: number; readonly machine: string; readonly forMs: number }
  /** Everything takes `factor` times as long. */
  | {
      readonly kind: 'slow';
      readonly atMs: number;
      readonly machine: string;
      readonly forMs: number;
      readonly factor: number;
    }
  /** SIGTERM, and a new process after `forMs`. */
  | { readonly kind: 'leave'; readonly atMs: number; readonly machine: string; readonly forMs: number };

/** One line for people. */
export function describeFault(fault: Fault): string {
  const when = `${fault.kind} ${fault.machine} at ${fault.atMs.toFixed(0)} ms for ${fault.forMs.toFixed(0)} ms`;
  if (fault.kind === 'slow') return `${when}, ${fault.factor.toFixed(1)} times slower`;
  return fault.kind === 'kill' && fault.silently ? `${when}, with its machine` : when;
}
