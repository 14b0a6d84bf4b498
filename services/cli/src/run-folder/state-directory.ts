import { join, resolve } from 'node:path';
import type { CommandContext } from '../context.ts';

/**
 * Where local runs are kept: the directory given (`--state-dir` or `WEFT_STATE_DIR`), else `$XDG_STATE_HOME/weft`, else
 * `~/.local/state/weft`.
 */
export function stateDirectory(
  given: string | undefined,
  context: Pick<CommandContext, 'environment' | 'homeDirectory' | 'workingDirectory'>,
): string {
  if (given !== undefined) return resolve(context.workingDirectory, given);
  const base = context.environment['XDG_STATE_HOME'];
  // The XDG specification has relative paths ignored.
  const home = base?.startsWith('/') === true ? base : join(context.homeDirectory, '.local', 'state');
  return join(home, 'weft');
}
