// as: libs/wire/src/fixture.ts
// breaks: @nx/enforce-module-boundaries
import { trainer } from '@weft/trainer';

export const value: unknown = trainer;
