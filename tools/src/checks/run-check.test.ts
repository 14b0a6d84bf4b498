import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { runCheck } from './run-check.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-check-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const script = (code: string, counts: Check['counts'] = 'verdict'): Check => ({
  name: 'example',
  holds: 'an example holds',
  command: [process.execPath, '--eval', code],
  counts,
});

async function outcomeOf(check: Check, signal = new AbortController().signal) {
  const printed: string[] = [];
  const outcome = await runCheck(check, { root, environment: {}, signal }, (text) => printed.push(text));
  return { ...outcome, printed };
}

describe('a check by verdict', () => {
  it('passes silently', async () => {
    const outcome = await outcomeOf(script('console.log("all is well")'));
    expect(outcome).toMatchObject({ passed: 1, failed: 0, printed: [] });
  });

  it('fails with the output of the command', async () => {
    const outcome = await outcomeOf(script('console.error("this is wrong"); process.exit(3)'));
    expect(outcome).toMatchObject({ passed: 0, failed: 1, printed: ['this is wrong'] });
  });

  it('fails where a signal ends it', async () => {
    const outcome = await outcomeOf(script('process.kill(process.pid, "SIGKILL")'));
    expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  });

  it('ends its command when it is interrupted', async () => {
    const interruption = new AbortController();
    const outcome = outcomeOf(script('setInterval(() => {}, 1000)'), interruption.signal);
    interruption.abort();
    expect(await outcome).toMatchObject({ failed: 1 });
  });

  it('says why it was skipped', async () => {
    const outcome = await outcomeOf({ ...script(''), skipped: 'no network' });
    expect(outcome).toMatchObject({ passed: 0, skipped: 1, notes: ['skipped: no network'] });
  });
});

describe('a check by tests', () => {
  const leaveReport = (report: object, status: number): string => `
    fs.mkdirSync('.weft', { recursive: true });
    fs.writeFileSync('.weft/test-report-example.json', ${JSON.stringify(JSON.stringify(report))});
    process.exit(${String(status)});`;

  it('counts what the report holds', async () => {
    const report = { numPassedTests: 3, numFailedTests: 1, testResults: [] };
    expect(await outcomeOf(script(leaveReport(report, 1), 'tests'))).toMatchObject({ passed: 3, failed: 1, notes: [] });
  });

  it('fails where the runner fails outside of any test', async () => {
    const report = { numPassedTests: 3, numFailedTests: 0, testResults: [] };
    expect(await outcomeOf(script(leaveReport(report, 1), 'tests'))).toMatchObject({ passed: 3, failed: 1 });
  });

  it('fails where an old report lies there and the runner leaves none', async () => {
    mkdirSync(join(root, '.weft'));
    writeFileSync(join(root, '.weft/test-report-example.json'), '{}');
    expect(await outcomeOf(script('process.exit(0)', 'tests'))).toMatchObject({ passed: 0, failed: 1 });
  });
});
