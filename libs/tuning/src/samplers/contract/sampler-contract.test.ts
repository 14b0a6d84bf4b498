import { createSampler } from '../create-sampler.ts';
import { problemsOfSamplerSpace } from '../create-sampler.ts';
import { samplerNames } from '../sampler-settings.ts';
import { samplerContract } from './sampler-contract.fixture.ts';

for (const name of samplerNames) {
  samplerContract(createSampler(name), (space) => problemsOfSamplerSpace(name, space).length === 0);
}
