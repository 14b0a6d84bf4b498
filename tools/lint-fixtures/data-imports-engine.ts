// as: libs/data/src/fixture.ts
// breaks: @nx/enforce-module-boundaries
import { engine } from '@weft/engine';

export const value: unknown = engine;
