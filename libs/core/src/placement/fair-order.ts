/** Whose turn it is among runs that want trainers, and who gives some up first. */
import type { Board } from './board.ts';
import type { PlacedRun } from './placement-request.ts';

/** Within a group: what was begun first, then what is urgent, then what was submitted first. */
function compareInGroup(a: PlacedRun, b: PlacedRun): number {
  return Number(isBegun(b)) - Number(isBegun(a)) || b.urgency - a.urgency || a.order - b.order;
}

function isBegun({ isOn, isInterrupted }: PlacedRun): boolean {
  return isOn || isInterrupted;
}

/**
 * Runs in the order of their claims, the shares of groups as they are when each is asked for: higher priority first, then what was
 * begun before, then the group that has the fewest trainers. Each group is sorted once.
 */
export class ClaimOrder {
  readonly #board: Board;
  /** Claims by priority, and by group, the next one last. */
  readonly #levels: { readonly priority: number; readonly groups: Map<string, PlacedRun[]> }[] = [];

  constructor(board: Board, claims: readonly PlacedRun[]) {
    this.#board = board;
    const priorities = [...new Set(claims.map(({ priority }) => priority))].sort((a, b) => b - a);
    for (const priority of priorities) {
      const groups = new Map<string, PlacedRun[]>();
      for (const run of claims.filter((claim) => claim.priority === priority).sort((a, b) => compareInGroup(b, a))) {
        const queue = groups.get(run.group) ?? [];
        queue.push(run);
        groups.set(run.group, queue);
      }
      this.#levels.push({ priority, groups });
    }
  }

  /** Takes the next one. */
  next(): PlacedRun | undefined {
    for (const { groups } of this.#levels) {
      const heads = [...groups.values()].flatMap((queue) => queue.at(-1) ?? []);
      const first = heads.sort((a, b) => this.#compare(a, b))[0];
      if (first !== undefined) return groups.get(first.group)?.pop();
    }
    return undefined;
  }

  #compare(a: PlacedRun, b: PlacedRun): number {
    return (
      Number(isBegun(b)) - Number(isBegun(a)) ||
      this.#board.groupSize(a.group) - this.#board.groupSize(b.group) ||
      a.order - b.order
    );
  }
}

/** The order in which runs that are on get trainers beyond those that they need. */
export function compareGrowth(board: Board, a: PlacedRun, b: PlacedRun): number {
  return (
    b.priority - a.priority ||
    board.groupSize(a.group) - board.groupSize(b.group) ||
    b.urgency - a.urgency ||
    board.held(a).length - board.held(b).length ||
    a.order - b.order
  );
}

/** The order in which runs give up trainers beyond those that they need. */
export function compareSurplus(board: Board, a: PlacedRun, b: PlacedRun): number {
  return (
    a.priority - b.priority ||
    board.groupSize(b.group) - board.groupSize(a.group) ||
    a.urgency - b.urgency ||
    board.held(b).length - board.held(a).length ||
    b.order - a.order
  );
}
