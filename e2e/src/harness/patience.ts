import process from 'node:process';

const factor = Number(process.env['WEFT_E2E_PATIENCE'] ?? 1);

/** How long to wait for what should come within `ms`: WEFT_E2E_PATIENCE times that, on a machine that is busy with other work. */
export function patienceMs(ms: number): number {
  return ms * factor;
}
