import { readFile } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const msPerTick = 10;

/** Processor time, user and system, that process `pid` has used so far, in milliseconds; NaN where the system does not tell. */
export async function processorMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets, which may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]].map((ticks) => Number(ticks ?? Number.NaN));
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) * msPerTick;
}
