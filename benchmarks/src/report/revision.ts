import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The code that was measured. */
export interface Revision {
  readonly commit: string;
  /** Whether files that git follows differed from that commit. */
  readonly modified: boolean;
}

/** The commit checked out here, or null outside a git checkout. */
export async function currentRevision(): Promise<Revision | null> {
  const git = async (...argv: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', argv, { cwd: import.meta.dirname });
    return stdout.trim();
  };
  try {
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return { commit: await git('rev-parse', 'HEAD'), modified: changes !== '' };
  } catch {
    return null; // No git, or a copy without history: the result says so.
  }
}
