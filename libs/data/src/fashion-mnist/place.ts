/** The directories in which the files of Fashion-MNIST are looked for, in order. */
import { resolve } from 'node:path';

/** A directory to look in, and what made us look there. */
export interface DataPlace {
  readonly directory: string;
  /** For messages: `the data directory given`, `data/ in the checkout` and the like. */
  readonly reason: string;
}

/** Where the search starts from. Nothing is read from the environment here: `main.ts` does that. */
export interface DataRoots {
  /** The directory that the user named (`--data-dir` or `WEFT_DATA_DIR`), looked at first. */
  readonly dataDirectory?: string;
  /** The root of the checkout; default: the one that this file is in. */
  readonly checkoutDirectory?: string;
  /** Weft's own cache (see `userCacheDirectory`), where downloads go. */
  readonly cacheDirectory: string;
}

/** Weft's cache directory after the XDG base directory specification: `$XDG_CACHE_HOME/weft`, else `~/.cache/weft`. */
export function userCacheDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  homeDirectory: string,
): string {
  const base = environment.XDG_CACHE_HOME;
  // The specification has relative paths ignored.
  return base?.startsWith('/') === true ? resolve(base, 'weft') : resolve(homeDirectory, '.cache', 'weft');
}

/** Where downloaded files of Fashion-MNIST are kept. */
export function downloadDirectory(roots: DataRoots): string {
  return resolve(roots.cacheDirectory, 'fashion-mnist');
}

/** Every directory to look in, first to last, without duplicates. */
export function dataPlaces(roots: DataRoots): DataPlace[] {
  const checkout = resolve(roots.checkoutDirectory ?? resolve(import.meta.dirname, '../../../..'));
  const within = (base: string, reason: string): DataPlace[] => [
    { directory: base, reason },
    { directory: resolve(base, 'fashion-mnist'), reason },
  ];
  const places = [
    ...(roots.dataDirectory === undefined ? [] : within(resolve(roots.dataDirectory), 'the data directory given')),
    ...within(resolve(checkout, 'data'), 'data/ in the checkout'),
    ...within(resolve(checkout, 'shared/data'), 'shared/data/ in the checkout'),
    ...within(resolve(checkout, '../shared/data'), 'shared/data/ beside the checkout'),
    { directory: downloadDirectory(roots), reason: 'the user cache' },
  ];
  return places.filter((place, at) => places.findIndex((other) => other.directory === place.directory) === at);
}
