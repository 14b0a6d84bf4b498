/**
 * The processes that the `weft` command stands for. Paths, not imports: services know nothing of each other, and a process
 * is composed when it starts.
 */
import { fileURLToPath } from 'node:url';

const entryOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Absolute path of each service's entry point. */
export const serviceEntries = {
  coordinator: entryOf('../../coordinator/src/main.ts'),
  trainer: entryOf('../../trainer/src/main.ts'),
} as const;

export type ServiceName = keyof typeof serviceEntries;

/** The runner of all checks. */
export const checksEntry = entryOf('../../../tools/src/checks/main.ts');

/** The runner of simulations. */
export const simulationEntry = entryOf('../../../e2e/src/simulation/main.ts');

/** Whether `word` names a service. */
export function isServiceName(word: string | undefined): word is ServiceName {
  return word !== undefined && Object.hasOwn(serviceEntries, word);
}
