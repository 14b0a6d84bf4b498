import process from 'node:process';

/** WEFT_E2E_PATIENCE, a positive integer: 1 unless it is set. */
export const patience: number = Number(process.env['WEFT_E2E_PATIENCE'] ?? 1);

/** How long to wait for what should come within `ms`: `patience` times that, on a machine that is busy with other work. */
export function patienceMs(ms: number): number {
  return ms * patience;
}
