/** Fashion-MNIST: found on this machine or downloaded, verified, and decoded. */
import { WeftError } from '@weft/core';
import { fashionClassNames, fashionShape, type DataSet, type ExampleSplit } from '../data-set.ts';
import { identityOf, type UnnamedContent } from '../identity.ts';
import { parseIdx } from '../idx.ts';
import { inflate } from '../inflate.ts';
import { joinImagesAndLabels, type NamedIdx } from '../labelled-images.ts';
import { placeBytes, type SharedOption } from '../shared-bytes.ts';
import { downloadOfficialFiles, type DownloadOptions } from './mirror.ts';
import { readOfficialFile, searchPlaces, type LocalFiles } from './local-files.ts';
import { fileRoles, officialFiles, type FileRole, type OfficialFile } from './official-files.ts';
import { dataPlaces, downloadDirectory, type DataRoots } from './place.ts';

/** How to get Fashion-MNIST. */
export interface FashionMnistOptions extends DataRoots, SharedOption {
  /** How to download where no place has the files; `false` keeps off the network. Default: the official mirrors. */
  readonly download?: DownloadOptions | false;
  /** What the four files must be; default: the official ones. Tests give small ones. */
  readonly official?: Readonly<Record<FileRole, OfficialFile>>;
}

/**
 * Finds the four files, downloading them into the user cache if no place has them, and verifies every byte.
 *
 * Throws 'not-found' with every place and mirror that was tried and what is wrong with it, 'corrupt' for a file that was
 * found but is not the official one (see `local-files.ts`), 'cancelled' when the download was aborted.
 */
export async function obtainFashionMnist(options: FashionMnistOptions): Promise<LocalFiles> {
  const files = await locate(options);
  const official = options.official ?? officialFiles;
  for (const role of fileRoles) await readOfficialFile(files.paths[role], official[role]);
  return files;
}

/** The files, not yet verified where they lay on this machine before. */
async function locate(options: FashionMnistOptions): Promise<LocalFiles> {
  const official = options.official ?? officialFiles;
  const search = await searchPlaces(dataPlaces(options), official);
  if (search.found) return search.files;
  const problems = [...search.looked];
  if (options.download === false) {
    problems.push('download: not tried');
  } else {
    const outcome = await downloadOfficialFiles(downloadDirectory(options), official, options.download ?? {});
    if (outcome.done) return outcome.files;
    problems.push(...outcome.problems);
  }
  throw new WeftError(
    'not-found',
    `the data set fashion-mnist cannot be had. Looked in:\n${problems.map((line) => `  - ${line}`).join('\n')}\n` +
      'Name a directory that has the four files with --data-dir, connect this machine to the network, or use the data set ' +
      'synthetic-fashion',
  );
}

/** Obtains and decodes Fashion-MNIST: 60 000 training and 10 000 test examples. Errors as `obtainFashionMnist`. */
export async function openFashionMnist(options: FashionMnistOptions): Promise<DataSet> {
  const official = options.official ?? officialFiles;
  const files = await locate(options);
  const read = async (role: FileRole): Promise<NamedIdx> => {
    const file = files.paths[role];
    const content = await inflate(await readOfficialFile(file, official[role]), file);
    return { file, array: parseIdx(content, file) };
  };
  const readSplit = async (images: FileRole, labels: FileRole): Promise<ExampleSplit> => {
    const split = joinImagesAndLabels(await read(images), await read(labels));
    const shared = options.shared ?? false;
    return { ...split, images: placeBytes(split.images, shared), labels: placeBytes(split.labels, shared) };
  };
  const content: UnnamedContent = {
    name: 'fashion-mnist',
    train: await readSplit('trainImages', 'trainLabels'),
    test: await readSplit('testImages', 'testLabels'),
    classNames: fashionClassNames,
    inputShape: fashionShape,
  };
  return { ...content, identity: identityOf(content), origin: files.directory };
}
