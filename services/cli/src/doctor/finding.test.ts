import { expect, test } from 'vitest';
import { doctorPage, hasFailure } from './finding.ts';
import { checkMachine, checkMemory, checkNode } from './machine-checks.ts';
import { dataSetFinding, engineFinding } from './numeric-checks.ts';

test('the page says what is missing and what to do about it', () => {
  const reason = 'the package is not installed';
  const findings = [
    engineFinding('ort-cpu', { available: true, fingerprint: 'ort-cpu 1' }),
    engineFinding('tfjs-node', { available: false, reason, remedy: 'npm install it' }),
  ];
  expect(doctorPage([{ title: 'Engines', findings }])).toBe(
    [
      'Engines',
      '  ok    ort-cpu            ort-cpu 1',
      '  -     tfjs-node          the package is not installed',
      '                           to do: npm install it',
      '',
      'Ready to train.\n',
    ].join('\n'),
  );
});

test('one bad finding means not ready, by name', () => {
  const sections = [{ title: 'Machine', findings: [checkNode('v20.1.0'), checkNode('v24.0.0')] }];
  expect(hasFailure(sections)).toBe(true);
  expect(doctorPage(sections)).toContain('FAIL  node               v20.1.0 is older than 24');
  expect(doctorPage(sections)).toContain('Not ready: node.');
});

test('a data set that is absent is no failure; its reasons keep their lines', () => {
  const finding = dataSetFinding({ name: 'fashion-mnist', available: false, reason: 'Looked in:\n  - a\n' });
  expect(finding.state).toBe('missing');
  expect(doctorPage([{ title: 'Data sets', findings: [finding] }])).toContain('fashion-mnist      Looked in:\n');
});

test('little memory is a warning', () => {
  expect(checkMemory(1 << 29)).toMatchObject({ state: 'doubtful', text: '0.5 GiB' });
  expect(checkMemory(2 ** 33)).toEqual({ name: 'memory', state: 'good', text: '8.0 GiB' });
});

test('a state directory that cannot be made is a failure that names it', async () => {
  const findings = await checkMachine('/dev/null/weft');
  expect(findings.find(({ name }) => name === 'state')).toMatchObject({ state: 'bad' });
  expect(findings.filter(({ state }) => state === 'bad')).toHaveLength(1);
});
