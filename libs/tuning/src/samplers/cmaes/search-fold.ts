/**
 * Folds the generations of a history, and keeps the last folds: a longer history mostly begins with the one before.
 *
 * What is kept never shows. It is used only where the very numbers that it came from are there again, else folded anew.
 */
import type { Parameter } from '../../space/parameter.ts';
import type { CellObservation } from '../sampler.ts';
import { standingOf } from '../standing.ts';
import { firstSearch, membersOf, nextSearch, type Member, type Search, type SearchStart } from './generations.ts';

/** Folds that are kept. Cells that end late change the last generations; those before are settled. */
const mostKept = 16;

export class SearchFold {
  /** The last searches, ascending by how many members were folded into each. */
  #kept: { readonly members: number; readonly search: Search }[] = [];
  /** Those of the last history, and of which parameters and with which start they were folded. */
  #members: readonly Member[] = [];
  #start: SearchStart | undefined;
  #numbers: readonly Parameter[] = [];

  /** Where the search is after `history`, ascending by cell. At least one number. */
  after(numbers: readonly Parameter[], history: readonly CellObservation[], start: SearchStart): Search {
    const sameSpace =
      numbers.length === this.#numbers.length && numbers.every((parameter, at) => parameter === this.#numbers[at]);
    const members = membersOf(numbers, history, sameSpace ? this.#members : []);
    const same = sameSpace ? this.#sameMembers(members, start) : -1;
    this.#kept = this.#kept.filter((fold) => fold.members <= same);
    if (this.#kept.length === 0) this.#kept = [{ members: 0, search: firstSearch(numbers.length, start) }];
    this.#members = members;
    this.#start = start;
    this.#numbers = numbers;
    for (;;) {
      const last = this.#kept.at(-1) ?? { members: 0, search: firstSearch(numbers.length, start) };
      const next = last.members + last.search.distribution.population;
      if (next > members.length) return { ...last.search, ended: members.length - last.members };
      this.#kept.push({ members: next, search: nextSearch(last.search, members.slice(last.members, next), start) });
      if (this.#kept.length > mostKept) this.#kept.shift();
    }
  }

  /** Members at the beginning that are the same as those folded last, if the search began the same. */
  #sameMembers(members: readonly Member[], start: SearchStart): number {
    const before = this.#start;
    const begun =
      before?.seed === start.seed && before.stepSize === start.stepSize && before.population === start.population;
    if (!begun) return -1;
    const differing = members.findIndex((member, at) => !isSame(member, this.#members[at]));
    return differing < 0 ? members.length : differing;
  }
}

/** Whether two members make the same of a generation. */
function isSame({ cell, point }: Member, other: Member | undefined): boolean {
  return (
    other?.cell.cell === cell.cell &&
    Object.is(cell.loss, other.cell.loss) &&
    standingOf(cell) === standingOf(other.cell) &&
    (point === other.point || point.every((coordinate, axis) => coordinate === other.point[axis]))
  );
}
