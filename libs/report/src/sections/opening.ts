import type { Block } from '../document/block.ts';
import type { ReportedDataSet, StudyReportInput } from '../input/study-report-input.ts';
import { countText } from '../results/figure-text.ts';

/** What stands above the contents: the promise, on what data it was kept, and what to know before reading. */
export function opening({ dataSet, environment, remarks }: StudyReportInput): Block[] {
  return [
    { kind: 'text', tone: 'good', text: promise },
    ...(dataSet.synthetic ? [{ kind: 'text', tone: 'bad', text: synthetic } as const] : []),
    ...remarks.map((text) => ({ kind: 'text', text }) as const),
    {
      kind: 'facts',
      facts: [
        ['data set', dataSetText(dataSet)],
        ['data identity', { text: dataSet.identity, code: true }],
        ...environment
          .filter(([name]) => name.includes('engine'))
          .map(([name, value]) => [name, { text: value, code: true }] as const),
      ],
    },
  ];
}

const promise =
  'The result of a run depends on its configuration alone: the same bytes on any number of trainers, over any transport, ' +
  'with trainers killed and added while it runs. So every figure here can be made again, and the digests say whether it was.';

const synthetic =
  'Synthetic data. These figures come from generated pictures: they compare trials with each other and nothing else.';

function dataSetText({ name, synthetic: made, ...examples }: ReportedDataSet): string {
  const { trainExamples, validationExamples, testExamples } = examples;
  const sizes = `${countText(trainExamples)} train, ${countText(validationExamples)} validate, ${countText(testExamples)} test`;
  return `${name}${made ? ' (synthetic)' : ''}: ${sizes}`;
}
