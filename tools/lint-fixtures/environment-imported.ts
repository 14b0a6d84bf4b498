// as: services/trainer/src/fixture.ts
// breaks: no-restricted-imports
import { env } from 'node:process';

export const level = env['WEFT_LOG_LEVEL'];
