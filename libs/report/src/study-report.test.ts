import { expect, test } from 'vitest';
import { searchStudy, studyOf, trialOf } from './reported-study.fixture.ts';
import { studyReportInput } from './study-report.fixture.ts';
import { renderStudyReport } from './study-report.ts';

const input = studyReportInput({ searched: 24 });
const report = renderStudyReport(input);
/** Of one study: what is not about charts need not draw many. */
const small = { ...input, studies: input.studies.slice(3, 4), references: [] };

/** Tags of a page in order, with void elements and the doctype left out. */
function tagsOf(page: string): string[] {
  return [...page.matchAll(/<(\/?[a-zA-Z][\w-]*)(?:"[^"]*"|[^<>"])*?(\/?)>/g)]
    .filter(([, name = '', closed]) => closed !== '/' && !['meta', 'img', 'br'].includes(name))
    .map(([, name = '']) => name);
}

test('every tag of the page is closed where it must be', () => {
  const open: string[] = [];
  const body = report.html.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const tag of tagsOf(body)) {
    if (tag.startsWith('/')) expect(open.pop()).toBe(tag.slice(1));
    else open.push(tag);
  }
  expect(open).toEqual([]);
});

test('the page loads nothing and runs nothing', () => {
  expect(report.html).not.toMatch(/<script|<link|<iframe|@import|url\(|\son\w+=/i);
  expect(report.html).not.toMatch(/src="(?!data:image\/png;base64,)/);
  expect(report.html.replaceAll(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:\/\//);
});

test('ids are unique, and the contents and labels name ids that there are', () => {
  const ids = [...report.html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const named = [...report.html.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)].map(([, id]) => id);
  expect(named.length).toBeGreaterThan(20);
  expect(ids).toEqual(expect.arrayContaining(named));
});

test('every table has a caption and scopes, every drawing and picture a name', () => {
  const count = (pattern: RegExp): number => report.html.match(pattern)?.length ?? 0;
  expect(count(/<table/g)).toBeGreaterThan(20);
  expect(count(/<table[^>]*>\s*<caption>[^<]/g)).toBe(count(/<table/g));
  expect(report.html).not.toMatch(/<th(?! scope=)[ >]/);
  expect(count(/<svg role="img" aria-label="[^"]/g)).toBe(count(/<svg/g));
  expect(count(/<img alt="[^"]/g)).toBe(count(/<img/g));
});

test('the tables of trials, which have the most columns, are set small, and no others', () => {
  const captions = [...report.html.matchAll(/<table class="dense">\s*<caption>\s*(.*)/g)].map(([, caption]) => caption);
  expect(captions.length).toBe(input.studies.length);
  for (const caption of captions) expect(caption).toMatch(/^Trials of /);
});

test('charts take their colours from the page, so that light, dark and print differ', () => {
  const charts = report.html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  expect(charts.length).toBeGreaterThan(60);
  const colours = charts.flatMap((chart) =>
    [...chart.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour),
  );
  expect([...new Set(colours)].filter((colour) => colour !== 'none' && !colour?.startsWith('var(--'))).toEqual([]);
  for (const [, name = ''] of report.html.matchAll(/="var\((--[\w-]+)\)"/g))
    expect(report.html).toContain(`${name}: #`);
});

test('equal inputs give equal bytes', () => {
  const again = renderStudyReport(studyReportInput({ searched: 24 }));
  for (const form of ['html', 'markdown', 'csv', 'json'] as const) expect(again[form] === report[form]).toBe(true);
});

test('names cannot become markup, in the page or in Markdown', () => {
  const hostile = '"><img src=x onerror=alert(1)>|`*_[a](b)';
  const settings = new Map([[hostile, hostile]]);
  const space = [{ kind: 'categorical', name: hostile, choices: [hostile, 'b'] } as const];
  const trials = [
    { ...trialOf({ trial: 0, cell: 0, settings, accuracy: 0.5 }), reason: hostile, runId: hostile },
    trialOf({ trial: 1, cell: 1, settings: new Map([[hostile, 'b']]), accuracy: 0.6 }),
  ];
  const study = { ...studyOf({ studyId: hostile, title: hostile, space, trials }), reason: hostile, sampler: hostile };
  const { html, markdown } = renderStudyReport({
    ...{ ...small, title: hostile, studies: [study], commands: [hostile], remarks: [hostile] },
    environment: [[hostile, hostile]],
  });
  expect(html).not.toContain('<img src=x');
  expect(html).not.toContain('">"><');
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
  // What is left is code: that of the command.
  const prose = markdown.split('\n').filter((line) => !line.startsWith('    '));
  expect(prose.filter((line) => /(?<!\\)<img|(?<!\\)\[a\]/.test(line))).toEqual([]);
  const rows = prose.filter((line) => line.startsWith('|') && line.includes('onerror'));
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.filter((line) => /(?<!\\)`\*/.test(line))).toEqual([]);
});

test('sixty trials of fifty epochs stay under 1.5 MB', () => {
  const large = renderStudyReport(studyReportInput({ seeds: 2, epochs: 50, searched: 10 }));
  expect(large.html.length).toBeLessThan(1_500_000);
});

test('of ten thousand trials the page shows a part and says so, the CSV has all', () => {
  const study = searchStudy(10_000, 3);
  const large = renderStudyReport({ ...small, studies: [study] });
  expect(large.html.length).toBeLessThan(1_500_000);
  expect(large.csv.match(/\r\n/g)).toHaveLength(10_001);
  for (const said of [
    /The best 60 of 10,000/,
    /Left out: 9,800 trials/,
    /of \d+ cells are not drawn/,
    /The best 30 of \d+ cells/,
  ]) {
    expect(large.html).toMatch(said);
  }
});

test('a study without a single result still has a report', () => {
  const waiting = trialOf({
    trial: 0,
    cell: 0,
    settings: new Map([['optimizer', 'sgd']]),
    accuracy: 0,
    epochs: 0,
    state: 'waiting',
  });
  const space = [{ kind: 'categorical', name: 'optimizer', choices: ['sgd', 'adam'] } as const];
  const { html } = renderStudyReport({
    ...{ ...small, best: undefined, models: [], commands: [] },
    studies: [
      studyOf({ studyId: 'a', title: 'a', space, trials: [waiting] }),
      studyOf({ studyId: 'b', title: 'b', space, trials: [] }),
    ],
  });
  expect(html).toContain('0 trials with a result in 2 studies');
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});

test('a trial that is missing is bad news in the first lines', () => {
  const [first] = small.studies;
  const broken = first === undefined ? [] : [{ ...first, counts: { ...first.counts, missing: 2 } }];
  const { html } = renderStudyReport({ ...small, studies: broken });
  expect(html).toMatch(/<p class="bad">[^<]*missing = 2\.<\/p>/);
});

test('synthetic data is said above everything else', () => {
  const { html, markdown } = renderStudyReport({ ...small, dataSet: { ...input.dataSet, synthetic: true } });
  expect(html).toContain('<p class="bad">Synthetic data.');
  expect(markdown).toContain('Synthetic data.');
});

test('the Markdown has the tables of the page', () => {
  for (const text of [
    '## Beside the reference',
    '| 0.0219 | **0.7',
    '## Throughput and cost',
    '25,450',
    'missing = 0',
  ]) {
    expect(report.markdown).toContain(text);
  }
  expect(report.markdown).not.toContain('<svg');
});
