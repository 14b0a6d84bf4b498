/** Reports to people: one live line on a terminal, plain lines elsewhere. */
import type { Output } from '../context.ts';
import type { RunStatus } from '../run/figures.ts';
import { epochLine, headLines, progressLine, statusLine } from './progress-line.ts';
import type { Reporter } from './reporter.ts';
import { summaryLines } from './summary-lines.ts';

const clearLine = '\r\u001b[2K';
/** How often a long epoch says where it is when nobody can see a line move. */
const plainIntervalMs = 10_000;

/** What a text reporter is told of the run beforehand. */
export interface TextReporterSettings {
  /** `2 local trainers`, `the cluster at host:port`. */
  readonly trainers: string;
  readonly nowMs: () => number;
}

/** Reports to `output`, as a terminal or as plain lines. */
export function textReporter(output: Output, settings: TextReporterSettings): Reporter {
  let run: RunStatus | undefined;
  const said = new Set<string>();
  let live = false;
  let lastPlainMs = settings.nowMs();

  const print = (line: string): void => {
    output.write(`${live ? clearLine : ''}${line}\n`);
    live = false;
  };
  const draw = (line: string): void => {
    output.write(`${clearLine}${line}`);
    live = true;
  };

  return {
    status: (status) => {
      if (run === undefined) headLines(status, settings.trainers).forEach(print);
      run = status;
      const line = statusLine(status);
      if (output.isTerminal) draw(`  ${line}`.slice(0, output.columns - 1));
      // Some states come back in every epoch; a log needs each of them once.
      else if (!said.has(line)) print(`  ${line}`);
      said.add(line);
    },
    progress: (progress) => {
      if (run === undefined) return;
      if (output.isTerminal) {
        draw(progressLine(run, progress, output.columns));
      } else if (settings.nowMs() - lastPlainMs >= plainIntervalMs) {
        lastPlainMs = settings.nowMs();
        print(progressLine(run, progress, 200));
      }
    },
    epoch: (epoch) => {
      if (run === undefined) return;
      lastPlainMs = settings.nowMs();
      print(epochLine(run, epoch));
    },
    notice: (text) => print(`  ! ${text}`),
    ended: (ending) => {
      if (live) output.write(clearLine);
      live = false;
      summaryLines(ending).forEach(print);
    },
    dropped: () => {
      if (live) output.write('\n');
      live = false;
    },
  };
}
