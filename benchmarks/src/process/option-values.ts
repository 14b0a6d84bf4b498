/** Reading the values of a benchmark's options; each function throws 'invalid-argument' with the option, the value and the rule. */
import { WeftError } from '@weft/core';
import { architectureNames, isArchitectureName, type ArchitectureName } from '@weft/nn-models';

/** A positive number. */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new WeftError('invalid-argument', `--${option}: "${text}" is not a positive number`);
}

/** An integer of at least 1. */
export function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new WeftError('invalid-argument', `--${option}: "${text}" is not an integer of at least 1`);
}

/** Integers of at least 1 with commas between. */
export function counts(option: string, text: string): number[] {
  return text.split(',').map((part) => count(option, part.trim()));
}

/** Names of architectures with commas between. */
export function models(option: string, text: string): ArchitectureName[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    if (isArchitectureName(name)) return name;
    throw new WeftError(
      'invalid-argument',
      `--${option}: "${name}" is no architecture; there are ${architectureNames.join(', ')}`,
    );
  });
}
