import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A piece of code that the lint rules must judge as if it stood at `path`. */
export interface LintFixture {
  readonly name: string;
  readonly path: string;
  /** Id of the one rule that the code breaks; `nothing` for code that must pass. */
  readonly breaks: string;
  readonly code: string;
}

const header = /^\/\/ as: (?<path>\S+)\n\/\/ breaks: (?<breaks>.+)\n/;

/** Reads every fixture of `folder`, by name; throws where a file lacks its two header lines. */
export function readLintFixtures(folder: string): LintFixture[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const code = readFileSync(join(folder, name), 'utf8');
      const groups = header.exec(code)?.groups;
      if (groups?.path === undefined || groups.breaks === undefined) {
        throw new Error(`${name} must start with the lines "// as: PATH" and "// breaks: RULE".`);
      }
      return { name, path: groups.path, breaks: groups.breaks, code };
    });
}
