import type { Block, Section } from '../document/block.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { countText } from '../results/figure-text.ts';
import type { ReportedStudy } from '../input/reported-study.ts';

/** All that it takes to make these figures again, and to see that they are the same. */
export function reproduce({ commands, environment, studies }: StudyReportInput): Section {
  const digests = studies.flatMap((study) =>
    study.digests.map(([name, digest]) => [study.title, name, digest] as const),
  );
  const blocks: Block[] = [
    ...(commands.length > 0 ? [{ kind: 'commands', lines: commands } as const] : []),
    { kind: 'facts', facts: environment },
    { kind: 'facts', facts: studies.map((study) => [`seeds of ${study.title}`, seedsOf(study)]) },
  ];
  if (digests.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Digests (SHA-256). Equal digests of a definition and of the engine give equal digests of results.',
      columns: [
        { name: 'study', kind: 'head' },
        { name: 'of', kind: 'text' },
        { name: 'digest', kind: 'wide' },
      ],
      rows: digests.map(([title, name, digest]) => [title, name, { text: digest, code: true }]),
    });
  }
  return { id: 'reproduce', title: 'Make it again', blocks };
}

const mostSeeds = 12;

function seedsOf({ trials }: ReportedStudy): string {
  const seeds = [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b);
  const more = seeds.length - mostSeeds;
  return seeds.slice(0, mostSeeds).join(', ') + (more > 0 ? ` and ${countText(more)} more` : '');
}
