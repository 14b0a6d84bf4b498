// as: libs/engine/src/fixture.ts
// breaks: nothing
import { invariant } from '@weft/core';
import { layOut } from '@weft/nn-models';

export const value: unknown = [invariant, layOut];
