/**
 * Colours of charts: placeholders while a chart is drawn, CSS variables of the page afterwards, so that one drawing serves light,
 * dark and print. The palette behind the variables is Okabe and Ito's; see `style/page-style.ts`.
 */
const variables = {
  training: '--training',
  validation: '--validation',
  third: '--third',
  best: '--good',
  text: '--text',
  soft: '--text-soft',
  rule: '--rule',
  surface: '--surface',
  scale1: '--scale-1',
  scale2: '--scale-2',
  scale3: '--scale-3',
  scale4: '--scale-4',
  scale5: '--scale-5',
} as const;

type InkName = keyof typeof variables;

const names = Object.keys(variables) as InkName[];
const codes = new Map(names.map((name, at) => [name, `#0a00${(at + 16).toString(16)}`]));

/** What to draw with: a colour that no chart has otherwise. */
export function ink(name: InkName): string {
  return codes.get(name) ?? '';
}

/** The five steps from worst to best. */
export const scaleInks: readonly InkName[] = ['scale1', 'scale2', 'scale3', 'scale4', 'scale5'];

/** `svg` with its placeholders turned into variables; texts in it stay as they are. */
export function withVariables(svg: string): string {
  return svg.replace(/="(#0a00[0-9a-f]{2})"/g, (whole, code: string) => {
    const name = names.find((candidate) => codes.get(candidate) === code);
    return name === undefined ? whole : `="var(${variables[name]})"`;
  });
}
