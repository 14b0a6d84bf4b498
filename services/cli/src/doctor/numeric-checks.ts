/** Which engines and data sets can be used here, and why the others cannot. */
import { probeDataSets, type DataSetAvailability } from '@weft/data';
import { engineProviders, type EngineAvailability, type EngineName } from '@weft/engine';
import type { CommandContext } from '../context.ts';
import { dataSetOptions } from '../run/data-set-source.ts';
import type { Finding } from './finding.ts';

/** Asks every engine. They are looked at one after the other: two native libraries at once have nothing to gain. */
export async function checkEngines(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const provider of engineProviders) findings.push(engineFinding(provider.name, await provider.probe()));
  if (findings.some(({ state }) => state === 'good')) return findings;
  const remedy = 'install the dependencies anew: rm -r node_modules && ./weft doctor';
  return [...findings, { name: 'any engine', state: 'bad', text: 'none is available', remedy }];
}

/** What one engine's answer comes to. */
export function engineFinding(name: EngineName, availability: EngineAvailability): Finding {
  if (availability.available) return { name, state: 'good', text: availability.fingerprint };
  return { name, state: 'missing', text: availability.reason, remedy: availability.remedy };
}

/** Looks for every data set on this machine; downloads nothing. */
export async function checkDataSets(dataDirectory: string | undefined, context: CommandContext): Promise<Finding[]> {
  const found = await probeDataSets({ ...dataSetOptions(dataDirectory, context), download: false });
  return found.map(dataSetFinding);
}

/** What the search for one data set comes to. */
export function dataSetFinding(availability: DataSetAvailability): Finding {
  const { name } = availability;
  if (availability.available) return { name, state: 'good', text: availability.origin };
  const remedy = 'the first `weft train` downloads it where there is a network; or name its folder with --data-dir';
  return { name, state: 'missing', text: availability.reason.trimEnd(), remedy };
}
