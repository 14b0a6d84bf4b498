import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studyOf, trialOf } from '../reported-study.fixture.ts';
import { studyReportInput } from '../study-report.fixture.ts';
import { studyCsv } from './study-csv.ts';

/** Lines of fields, as RFC 4180 has them. */
function fieldsOf(csv: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let found = pattern.exec(csv); found !== null; found = pattern.exec(csv)) {
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '\r\n') {
      lines.push(fields);
      fields = [];
    }
  }
  return lines;
}

test('there is a line for each trial of each study, all of one length, with settings by name', () => {
  const input = studyReportInput();
  const [head = [], ...lines] = fieldsOf(studyCsv(input));
  const trials = input.studies.flatMap((study) => study.trials.map((trial) => ({ study, trial })));
  expect(lines).toHaveLength(trials.length);
  expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([head.length]));
  lines.forEach((line, at) => {
    const field = (name: string): string | undefined => line[head.indexOf(name)];
    const { study, trial } = trials[at] ?? {};
    expect(field('study')).toBe(study?.studyId);
    expect(field('trial')).toBe(String(trial?.trial));
    for (const [name, value] of trial?.settings ?? []) expect(field(`setting.${name}`)).toBe(String(value));
    expect(field('weights-digest')).toBe(trial?.result?.weightsDigest ?? '');
    // Every digit: the number that comes back is the same number.
    if (trial?.value !== undefined) expect(Number(field('value'))).toBe(trial.value);
  });
});

test('any text comes back as it was', () => {
  const input = studyReportInput({ searched: 0 });
  const text = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ';', '=', 'a', ' ', 'é', "'") });
  fc.assert(
    fc.property(text, text, (reason, name) => {
      const trial = { ...trialOf({ trial: 0, cell: 0, settings: new Map([[name, name]]), accuracy: 0.5 }), reason };
      const space = [{ kind: 'categorical', name, choices: [name] } as const];
      const study = studyOf({ studyId: 'a', title: 'a', space, trials: [trial] });
      const [head = [], line = []] = fieldsOf(studyCsv({ ...input, studies: [study] }));
      expect(line[head.indexOf('reason')]).toBe(reason);
      expect(line[head.indexOf(`setting.${name}`)]).toBe(name);
    }),
    { numRuns: 50 },
  );
});
