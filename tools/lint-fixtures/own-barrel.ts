// as: libs/data/src/fixture.ts
// breaks: no-restricted-imports
import type { DataSet } from './index.ts';

export type Named = DataSet;
