/** Notes a problem where a field breaks its rule, which completes "must be ...". */
export type Demand = (holds: boolean, name: string, value: unknown, rule: string) => void;

/** The problems that `check` notes, each with name, value and rule. */
export function problemsNoted(check: (demand: Demand) => void): string[] {
  const problems: string[] = [];
  check((holds, name, value, rule) => {
    if (!holds) problems.push(`${name}: ${JSON.stringify(value ?? null)} must be ${rule}`);
  });
  return problems;
}
