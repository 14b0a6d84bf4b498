/** The best model on the test split: what it takes for what, and where it is surest and wrong. */
import type { Block, Cell, Section, TableBlock } from '../document/block.ts';
import type { BestModel } from '../input/best-model.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { labelOf } from '../results/cells.ts';
import { countText, metricText, shareText } from '../results/figure-text.ts';
import { limits } from '../results/limits.ts';
import { greyPng } from '../pictures/grey-png.ts';

/** The section; undefined where no model was looked at. */
export function bestModel({ best, studies }: StudyReportInput): Section | undefined {
  if (best === undefined) return undefined;
  const study = studies.find(({ studyId }) => studyId === best.studyId);
  const trial = study?.trials.find((candidate) => candidate.trial === best.trial);
  const wrong = best.wrongImages.slice(0, limits.wrongImages);
  const blocks: Block[] = [];
  if (study !== undefined && trial !== undefined) {
    blocks.push({
      kind: 'facts',
      facts: [
        [
          'trial',
          `${String(trial.trial)} of ${study.title}: ${labelOf(trial.settings, 0)}, seed ${String(trial.seed)}`,
        ],
        ['test accuracy', metricText(trial.result?.testAccuracy, 'test-accuracy')],
        ['test loss', metricText(trial.result?.testLoss, 'test-loss')],
        ['weights digest', { text: trial.result?.weightsDigest ?? '', code: true }],
      ],
    });
  }
  if (best.confusion.length > 0) blocks.push(confusionTable(best));
  if (wrong.length > 0) {
    const pictures = wrong.map((image) => ({
      caption: `${nameOf(best, image.predictedClass)} (${shareText(image.probability)}); is ${nameOf(best, image.rightClass)}, test example ${String(image.example)}`,
      png: greyPng(image),
      ...{ width: image.width, height: image.height },
    }));
    blocks.push({
      ...{ kind: 'part', title: 'Most confidently wrong' },
      blocks: [
        {
          kind: 'text',
          text: 'Its answer with the probability that it gave it, and the class that the data set names.',
        },
        { kind: 'pictures', pictures },
      ],
    });
  }
  return { id: 'best-model', title: 'Best model', blocks };
}

function nameOf({ classes }: BestModel, at: number): string {
  return classes[at] ?? `class ${String(at)}`;
}

function confusionTable(best: BestModel): TableBlock {
  const { confusion } = best;
  const totals = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  return {
    kind: 'table',
    caption:
      'Confusion matrix: test examples by their class (rows) and the answer (columns). The shade is the root of the share of the row; ' +
      'recall is the share of a class that was found.',
    columns: [
      { name: 'class', kind: 'head' },
      ...confusion.map((_, at) => ({ name: nameOf(best, at), kind: 'number' }) as const),
      { name: 'recall', kind: 'number' },
    ],
    rows: confusion.map((row, at): Cell[] => {
      const total = totals[at] ?? 0;
      const cells = row.map((count): Cell => {
        const text = countText(count);
        return total === 0 ? text : { text, heat: Math.sqrt(count / total) };
      });
      return [nameOf(best, at), ...cells, total === 0 ? '' : shareText((row[at] ?? 0) / total)];
    }),
  };
}
