/** One thing that `weft doctor` looked at. */
export interface Finding {
  readonly name: string;
  /** `missing`: not here, and not needed either. `bad`: nothing can be trained before it is put right. */
  readonly state: 'good' | 'doubtful' | 'missing' | 'bad';
  readonly text: string;
  /** What to do, where it is not good. */
  readonly remedy?: string;
}

/** Findings under one heading. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const marks = { good: 'ok', doubtful: 'warn', missing: '-', bad: 'FAIL' } as const;

/** The page that `weft doctor` prints. */
export function doctorPage(sections: readonly Section[]): string {
  const lines: string[] = [];
  for (const { title, findings } of sections) {
    lines.push(title);
    for (const { name, state, text, remedy } of findings) {
      const [first = '', ...more] = text.split('\n');
      lines.push(`  ${marks[state].padEnd(4)}  ${name.padEnd(18)} ${first}`);
      for (const line of [...more, ...(remedy === undefined ? [] : [`to do: ${remedy}`])]) {
        lines.push(`${' '.repeat(27)}${line}`);
      }
    }
    lines.push('');
  }
  const bad = sections.flatMap(({ findings }) => findings).filter(({ state }) => state === 'bad');
  const names = bad.map(({ name }) => name).join(', ');
  lines.push(bad.length === 0 ? 'Ready to train.' : `Not ready: ${names}.`);
  return `${lines.join('\n')}\n`;
}

/** Whether something keeps Weft from training. */
export function hasFailure(sections: readonly Section[]): boolean {
  return sections.some(({ findings }) => findings.some(({ state }) => state === 'bad'));
}
