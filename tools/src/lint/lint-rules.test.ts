import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLintFixtures } from './lint-fixture.ts';

const root = join(import.meta.dirname, '../../..');
const fixtures = readLintFixtures(join(root, 'tools/lint-fixtures'));

// The fixtures are judged at paths where no file lies, so rules that need a type checker are left out here.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

describe('lint rules', () => {
  // Package arrows are judged on nx's project graph, which a fresh clone does not have yet.
  beforeAll(() => {
    const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
    execFileSync(process.execPath, [nx, 'show', 'projects'], { cwd: root, stdio: 'ignore' });
  }, 60_000);

  it.each(fixtures)('find in $name, placed at $path: $breaks', async ({ code, path, breaks }) => {
    const [result] = await eslint.lintText(code, { filePath: join(root, path) });
    const broken = new Set(result?.messages.map((message) => message.ruleId ?? unnamed(message.message)));
    expect([...broken]).toEqual(breaks === 'nothing' ? [] : [breaks]);
  });
});

/** Findings of ESLint itself carry no rule id. */
function unnamed(message: string): string {
  return message.startsWith('Unused eslint-disable directive') ? 'unused disable directive' : message;
}
