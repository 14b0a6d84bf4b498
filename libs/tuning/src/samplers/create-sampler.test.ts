import { expect, test } from 'vitest';
import { createSampler, problemsOfSamplerSpace } from './create-sampler.ts';
import { spaces } from './contract/spaces.fixture.ts';
import { defaultSamplerSettings, isSamplerName, problemsOfSamplerSettings, samplerNames } from './sampler-settings.ts';

test('every name has a sampler of that name, which its default settings suit', () => {
  for (const name of samplerNames) {
    expect(createSampler(name).name).toBe(name);
    expect(problemsOfSamplerSettings(name, defaultSamplerSettings[name])).toEqual([]);
  }
  expect(samplerNames.every(isSamplerName)).toBe(true);
  expect(['Grid', 'sobol', '', 'toString'].some(isSamplerName)).toBe(false);
});

test('all problems of settings are told together', () => {
  const settings = { startup: 0, candidates: 1.5, priorWeight: Number.NaN, toString: 1 };
  expect(problemsOfSamplerSettings('tpe', settings)).toEqual([
    'sampler tpe has startup 0; it must be an integer from 1 to 1000000',
    'sampler tpe has candidates 1.5; it must be an integer from 1 to 10000',
    'sampler tpe has priorWeight NaN; it must be a number from 0.001 to 1000',
    'sampler tpe has no setting "toString"; it has startup, candidates, goodShare, mostGood, priorWeight, mostOthers',
  ]);
  expect(problemsOfSamplerSettings('grid', { x: 1 })).toEqual(['sampler grid has no setting "x"; it has none']);
  expect(() => createSampler('tpe', settings)).toThrow('startup 0');
});

test('settings change what is proposed', () => {
  const space = spaces['one float'] ?? [];
  const history = [0, 1, 2, 3].map((cell) => {
    return { cell, assignment: new Map([['learning_rate', 10 ** -cell]]), state: 'complete', loss: cell } as const;
  });
  const reasonOf = (settings: Record<string, number>): string =>
    createSampler('tpe', settings).propose({ space, seed: 1, cell: 4, history }).reason;
  expect(reasonOf({})).toBe('drawn at random: 4 of 10 cells to learn from have ended');
  expect(reasonOf({ startup: 4, candidates: 3 })).toMatch(/^best of 3 candidates: .* 1 good and 3 other cells$/);
});

test('a grid names the parameters that have none; the others search any space', () => {
  expect(problemsOfSamplerSpace('grid', spaces['conditional parameters'] ?? [])).toEqual([
    '"learning_rate" is a float without step; a grid needs a step, or choices',
    '"momentum" is a float without step; a grid needs a step, or choices',
  ]);
  for (const name of samplerNames) {
    if (name === 'grid') continue;
    for (const space of Object.values(spaces)) expect(problemsOfSamplerSpace(name, space)).toEqual([]);
  }
});
