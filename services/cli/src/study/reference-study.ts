/** The reference studies that come with Weft: their study files at each scale, and the published tables beside which they are put. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WeftError } from '@weft/core';
import { fashionMnistTables, type ReferenceTable } from '@weft/studies';

/** How much of the study is computed; see studies/fashion-mnist. */
export const scales = ['quick', 'standard', 'full'] as const;

export type Scale = (typeof scales)[number];

/** One of the study files. */
export interface PartOfStudy {
  /** Of the file, and of the study in it. */
  readonly name: string;
  readonly path: string;
  /** The table that it fills. */
  readonly table: ReferenceTable;
}

const folder = fileURLToPath(new URL('../../../../studies/fashion-mnist/', import.meta.url));

/** Numbers of the tables: `3.1`. */
export const tableNumbers = fashionMnistTables.map(({ number }) => number);

/** The files that fill the tables with these numbers, all where none is named, in the order of the tables. */
export async function partsOfStudy(scale: Scale, numbers: readonly string[]): Promise<PartOfStudy[]> {
  const directory = join(folder, scale);
  const files = await readdir(directory).catch((cause: unknown) => {
    throw new WeftError('not-found', `cannot read the study files in ${directory}`, { cause });
  });
  const names = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
  return fashionMnistTables
    .filter(({ number }) => numbers.length === 0 || numbers.includes(number))
    .flatMap((table) =>
      names
        .filter((name) => name.startsWith(table.studies))
        .sort()
        .map((name) => ({ name, path: join(directory, `${name}.yaml`), table })),
    );
}

/** What a reader of the report must know before the figures. */
export function remarksOn(scale: Scale, parts: readonly PartOfStudy[]): string[] {
  const numbers = new Set(parts.map(({ table }) => table.number));
  const remarks: string[] = [];
  if (['3.1', '4.1', '5.1'].some((number) => numbers.has(number))) {
    remarks.push('Tables 3.1, 4.1 and 5.1 have the 5 epochs of the reference at every scale.');
  }
  if (!numbers.has('6.1')) return remarks;
  remarks.push(
    'The reference states the recipe of table 6.1 for the initial NN only (SGD 0.01, batch 128). The other architectures are trained ' +
      'with Adam and its Keras defaults at batch 128; their forms are listed with their parameters below.',
  );
  if (scale !== 'full') {
    const without = scale === 'quick' ? '; VGG-16 is left out' : '';
    remarks.push(
      `At the scale ${scale} table 6.1 has fewer epochs than the reference's 50, as its rows say${without}. ` +
        '`weft study fashion-mnist --scale full` trains all of them for 50 epochs with three seeds.',
    );
  }
  return remarks;
}
