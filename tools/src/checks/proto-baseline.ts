import { spawnSync } from 'node:child_process';

/**
 * The commit of the first of origin/main and main that exists and has a wire contract.
 *
 * Undefined outside a git checkout, in a clone without such a branch, and before the contract first reached it.
 */
export function protoBaseline(root: string): string | undefined {
  for (const branch of ['refs/remotes/origin/main', 'refs/heads/main']) {
    const commit = git(root, ['rev-parse', '--verify', '--quiet', `${branch}^{commit}`]);
    if (commit !== undefined && git(root, ['ls-tree', '--name-only', commit, 'proto/']) !== undefined) return commit;
  }
  return undefined;
}

/** Trimmed output of a git command; undefined where it failed or said nothing. */
function git(root: string, words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  const text = status === 0 ? stdout.trim() : '';
  return text === '' ? undefined : text;
}
