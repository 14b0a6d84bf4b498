// as: libs/core/src/fixture.ts
// breaks: @nx/enforce-module-boundaries
import { frame } from '@weft/wire';

export const value: unknown = frame;
