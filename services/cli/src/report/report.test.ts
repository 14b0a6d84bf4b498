import { expect, test } from 'vitest';
import { reportedRun } from './report.fixture.ts';
import { renderReport } from './report.ts';

const two = reportedRun({ title: 'initial-nn on 2 trainers', trainers: 2 });
const one = reportedRun({ title: 'initial-nn on 1 trainer', trainers: 1 });

const content = {
  title: 'Weft quickstart',
  createdAt: '2026-01-02T03:04:05.000Z',
  dataRemark: undefined,
  runs: [two, one],
  comparisons: [{ left: two, right: one }],
  environment: [['processor', '2 cores']],
} as const;

test('a report names data, results, digests and environment', () => {
  const page = renderReport(content);
  for (const text of [
    'Data: fashion-mnist',
    'initial-nn on 2 trainers',
    '0.7321',
    '25,450',
    'Equal, bit for bit',
    '2 cores',
  ]) {
    expect(page).toContain(text);
  }
  expect(page).toContain(two.result.weightsDigest);
  expect(page).not.toContain('Synthetic');
});

test('a report draws loss and accuracy of every run, with both curves named', () => {
  const page = renderReport(content);
  expect(page.match(/<svg /g)).toHaveLength(4);
  expect(page.match(/>training</g)).toHaveLength(4);
  expect(page.match(/>validation</g)).toHaveLength(4);
});

test('a report loads nothing and runs nothing', () => {
  const page = renderReport(content);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(http|src=/);
  expect(page.replaceAll(/xmlns(?::xlink)?="[^"]*"/g, '')).not.toMatch(/https?:\/\//);
});

test('colours come from the page, so that light, dark and print differ', () => {
  const page = renderReport(content);
  expect(page).toContain('stroke="var(--training)"');
  expect(page).toContain('stroke="var(--validation)"');
  expect(page).not.toMatch(/#0a00[0-9a-f]{2}/);
});

test('synthetic data is said in the head, in the table and at each run', () => {
  const run = reportedRun({ title: 'a', dataSet: 'synthetic-fashion' });
  const page = renderReport({ ...content, runs: [run], comparisons: [], dataRemark: 'no network <here>' });
  expect(page.match(/synthetic-fashion \(synthetic: generated pictures\)/g)).toHaveLength(2);
  expect(page).toContain('<td>synthetic-fashion (synthetic)</td>');
  expect(page).toContain('<strong>Synthetic data.</strong>');
  expect(page).toContain('no network &lt;here&gt;');
});

test('digests that differ are called a broken promise', () => {
  const other = reportedRun({ title: 'other', weightsDigest: 'f'.repeat(64) });
  const page = renderReport({ ...content, comparisons: [{ left: two, right: other }] });
  expect(page).toContain('Not equal: this breaks the promise of Weft.');
  expect(page).not.toContain('Equal, bit for bit');
});

test('names cannot become markup', () => {
  const run = reportedRun({ title: '<b onclick="x">' });
  const page = renderReport({ ...content, runs: [run], comparisons: [] });
  expect(page).not.toContain('<b onclick');
  expect(page).toContain('&lt;b onclick=&quot;x&quot;&gt;');
});

test('a figure that is not finite leaves a gap, not an error', () => {
  const run = reportedRun({ title: 'diverged', losses: [1, Number.NaN, Number.POSITIVE_INFINITY] });
  expect(renderReport({ ...content, runs: [run], comparisons: [] })).not.toMatch(/d="[^"]*NaN/);
});
