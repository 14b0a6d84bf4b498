/** The data that benchmarks train on: Fashion-MNIST where it is on this machine, else generated pictures. */
import { homedir } from 'node:os';
import { resolveAuto, userCacheDirectory } from '@weft/data';

/** Where the examples come from. Generated pictures change no timing of a step, but the result says which were used. */
export type ExampleSource =
  | { readonly name: 'fashion-mnist'; readonly directory: string }
  | { readonly name: 'synthetic-fashion'; readonly directory: undefined };

/** Looks in `dataDirectory` first, then where every command of Weft looks; downloads nothing. */
export async function findExamples(dataDirectory: string | undefined): Promise<ExampleSource> {
  const choice = await resolveAuto({
    cacheDirectory: userCacheDirectory({}, homedir()),
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
    download: false,
  });
  if (choice.name === 'fashion-mnist') return { name: choice.name, directory: choice.directory };
  console.error(`Generated pictures are used: ${choice.reason}.`);
  return { name: choice.name, directory: undefined };
}
