/** The machine as far as it explains a timing. */
import { readFile } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  /** Logical cores that the system shows. */
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  /** Frequency governor of the first core, or null where the system does not say, as in most virtual machines. */
  readonly governor: string | null;
  /** Widest vector instructions that decide the speed of matrix products, or null where the system does not say. */
  readonly vectors: string | null;
}

/** Load averages of the system over 1, 5 and 15 minutes: before the benchmark they are the work of others. */
export function loadAverages(): number[] {
  return loadavg().map((load) => Number(load.toFixed(2)));
}

export async function describeMachine(): Promise<Machine> {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    platform: `${platform()} ${arch()}`,
    governor: await textOf('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    vectors: widestVectors(await textOf('/proc/cpuinfo')),
  };
}

function widestVectors(processorText: string | null): string | null {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(processorText ?? '')?.[1]?.split(' '));
  return ['avx512f', 'avx2', 'avx', 'sse2'].find((name) => flags.has(name)) ?? null;
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
