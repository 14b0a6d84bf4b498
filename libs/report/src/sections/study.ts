/** One study: what it varied, what came out, and how. */
import type { Parameter } from '@weft/tuning';
import type { Block, Cell, Column, Figure, Section, TableBlock } from '../document/block.ts';
import type { ReferenceTable } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import { estimateOf, exceptionsOf } from '../results/cell-estimate.ts';
import { cellsOf, type StudyCell } from '../results/cells.ts';
import { absent, countText, estimateText, valueText } from '../results/figure-text.ts';
import { limits } from '../results/limits.ts';
import { metricMeasure, objectiveMeasure, type Measure } from '../results/measure.ts';
import { ranked } from '../results/ranking.ts';
import { axisFigures } from './axis-figures.ts';
import { curveFigures } from './curve-figures.ts';
import { spaceFigures } from './space-figures.ts';

/** The section of `study`, the one at `at` of the report. What a reference table shows already is not drawn again. */
export function studySection(study: ReportedStudy, at: number, references: readonly ReferenceTable[]): Section {
  const cells = cellsOf(study);
  const measure = objectiveMeasure(study);
  const drawn = references.some(
    ({ studyIds, metric }) => studyIds.includes(study.studyId) && metric === measure.metric && study.space.length < 2,
  );
  return {
    ...{ id: `study-${String(at + 1)}`, title: study.title },
    blocks: [
      definition(study),
      cellTable(study, cells, measure),
      ...figures([...(drawn ? [] : axisFigures(study, cells, measure)), ...spaceFigures(study, cells, measure)]),
      ...curvePart(study, cells.length, curveFigures(cells, measure)),
    ],
  };
}

/** Out of the way where there are many. */
function curvePart({ title }: ReportedStudy, cells: number, blocks: readonly Block[]): Block[] {
  if (blocks.length === 0) return [];
  if (cells <= openCurves) return [{ kind: 'part', title: `Curves: ${title}`, blocks }];
  return [{ kind: 'fold', summary: `Curves: ${title}`, printed: true, blocks }];
}

/** Up to so many cells have their curves in the open. */
const openCurves = 12;

function figures(items: readonly Figure[]): Block[] {
  return items.length > 0 ? [{ kind: 'figures', figures: items }] : [];
}

function definition({ studyId, state, reason, space, fixed, objective, sampler, pruner }: ReportedStudy): Block {
  const { metric, maximize, bestEpoch } = objective;
  return {
    kind: 'facts',
    facts: [
      ['study', { text: studyId, code: true }],
      ['state', reason === '' ? state : `${state}: ${reason}`],
      ...space.map((parameter) => [`varies ${parameter.name}`, rangeText(parameter)] as const),
      ['the same for all', fixed.map(([name, value]) => `${name} ${valueText(value)}`).join(', ') || absent],
      [
        'objective',
        `${maximize ? 'highest' : 'lowest'} ${metric.replace('-', ' ')} ${bestEpoch ? 'of any epoch' : 'after the last epoch'}`,
      ],
      ['sampler', sampler],
      ['pruner', pruner === '' ? 'none' : pruner],
    ],
  };
}

function rangeText(parameter: Parameter): string {
  const { when } = parameter;
  const condition =
    when === undefined ? '' : ` (where ${when.parameter} is ${when.values.map(valueText).join(' or ')})`;
  if (parameter.kind === 'categorical') return parameter.choices.map(valueText).join(', ') + condition;
  const { kind, low, high, log, step } = parameter;
  const steps = step === undefined ? '' : ` in steps of ${String(step)}`;
  return `${kind} from ${String(low)} to ${String(high)}${steps}${log ? ', logarithmic' : ''}${condition}`;
}

function cellTable(study: ReportedStudy, cells: readonly StudyCell[], measure: Measure): TableBlock {
  const names = study.space.map(({ name }) => name);
  const few = cells.length <= limits.cellRows;
  const shown = few ? cells : ranked(cells, measure).slice(0, limits.cellRows);
  const others = (['validation-accuracy', 'validation-loss', 'test-accuracy', 'test-loss'] as const).map(metricMeasure);
  const odd = shown.some(({ trials }) => exceptionsOf(trials) !== '');
  const number = (name: string): Column => ({ name, kind: 'number' });
  return {
    kind: 'table',
    caption:
      'Cells: means over the seeds that are complete, with ± half of the 95 % interval of the mean where there are several seeds.' +
      (few ? '' : ` The best ${countText(shown.length)} of ${countText(cells.length)}; the CSV file has all trials.`),
    columns: [
      { name: 'cell', kind: 'head' },
      ...names.map((name): Column => ({ name, kind: 'text' })),
      ...[number('seeds'), ...(odd ? [{ name: 'not complete', kind: 'text' } as const] : [])],
      ...others.map(({ name }) => number(name)),
    ],
    rows: shown.map(({ cell, settings, trials }): Cell[] => [
      String(cell),
      ...names.map((name) => {
        const value = settings.get(name);
        return value === undefined ? absent : valueText(value);
      }),
      ...[countText(trials.length), ...(odd ? [exceptionsOf(trials)] : [])],
      ...others.map((other) => estimateText(estimateOf(trials, other), other.metric)),
    ]),
  };
}
