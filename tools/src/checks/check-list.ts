import type { Check } from './check.ts';

/** Where the JSON report of a test project goes; relative to the root, in a folder that git ignores. */
export const reportPath = (project: string): string => `.weft/test-report-${project}.json`;

/**
 * Every check, in the order of running: the references come before lint because they leave the project graph that it reads.
 *
 * `protoBaseline` is the commit whose wire contract must stay readable, or undefined where there is none to compare with.
 */
export function allChecks(protoBaseline: string | undefined): Check[] {
  const breaking: Check = {
    name: 'breaking',
    holds: 'the wire contract still reads what main writes',
    command: ['buf', 'breaking', '--against', `.git#ref=${protoBaseline ?? 'HEAD'}`],
    counts: 'verdict',
  };
  return [
    verdict('lock-file', 'npm ci would accept package-lock.json', ['npm', 'ci', '--dry-run', '--loglevel=error']),
    verdict('references', 'nx finds the TypeScript references in step with the packages', ['nx', 'sync:check']),
    target('format', 'Prettier would change nothing'),
    target('types', 'TypeScript finds no error'),
    target('lint', 'ESLint finds nothing: typed rules, package arrows, purity'),
    target('proto', 'buf finds the wire contract in good style'),
    protoBaseline === undefined ? { ...breaking, skipped: 'no branch main with proto/ to compare with' } : breaking,
    target('generated', 'committed wire code is what proto/ generates'),
    target('unused', 'knip finds no dead file, export or dependency'),
    tests('unit'),
    tests('e2e'),
  ];
}

function verdict(name: string, holds: string, command: Check['command']): Check {
  return { name, holds, command, counts: 'verdict' };
}

function target(name: string, holds: string): Check {
  return verdict(name, holds, ['nx', 'run', `weft:${name}`]);
}

function tests(project: 'unit' | 'e2e'): Check {
  return {
    name: project,
    holds: project === 'unit' ? 'unit, property and contract tests' : 'end-to-end tests with real processes',
    command: [
      ...(['vitest', 'run', '--project', project, '--passWithNoTests'] as const),
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath(project)}`],
    ],
    counts: 'tests',
  };
}
