import { readFileSync } from 'node:fs';

/**
 * The most memory that process `pid` has held at one time so far (resident set, as Linux counts it), in MiB; NaN where the process is
 * gone or the system does not tell.
 */
export function peakMemoryMiB(pid: number): number {
  return statusMiB(pid, /^VmHWM:\s+(\d+) kB$/m);
}

/** What it holds now, counted likewise. */
export function residentMemoryMiB(pid: number): number {
  return statusMiB(pid, /^VmRSS:\s+(\d+) kB$/m);
}

function statusMiB(pid: number, line: RegExp): number {
  try {
    const [, kibibytes] = line.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}
