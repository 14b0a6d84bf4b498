// as: services/coordinator/src/fixture.ts
// breaks: @nx/enforce-module-boundaries
import { invariant } from '../../../libs/core/src/error.ts';

export const value: unknown = invariant;
