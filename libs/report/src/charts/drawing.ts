/**
 * Draws a chart as an `<svg>` element of a page: without script, ids, classes or style sheets of its own, so that equal charts
 * give equal bytes wherever on whatever page they stand, and small.
 */
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, ParallelComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { escapeText } from '../document/html.ts';
import { withVariables } from './ink.ts';

use([BarChart, CustomChart, LineChart, ParallelChart, ScatterChart]);
use([GridComponent, LegendComponent, ParallelComponent, SVGRenderer]);

export interface Drawing {
  /** In pixels; the page may scale it. */
  readonly width: number;
  readonly height: number;
  /** What is to be seen, for those who cannot see it. */
  readonly label: string;
  readonly option: EChartsCoreOption;
}

/** The chart as one `<svg>` element that names itself, and is shown no larger than it was drawn. */
export function draw({ width, height, label, option }: Drawing): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return named(joinPaths(withVariables(bare(chart.renderToSVGString()))), label, width);
  } finally {
    chart.dispose();
  }
}

/** Without what only a page with pointer events would need. Texts hold no quotes, so no text can look like an attribute. */
function bare(svg: string): string {
  return (
    svg
      .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
      .replace(/<defs\s*>[\s\S]*?<\/defs>/g, '')
      .replace(/<rect [^>]*fill="none"[^>]*><\/rect>/, '')
      .replace(/<path [^>]*fill-opacity="0"[^>]*stroke-width="0"[^>]*><\/path>\n?/g, '')
      // Lines that are only lines; where it has no fill of its own, ECharts writes black.
      .replaceAll('fill="#000"', 'fill="none"')
      .replace(
        / (?:class|clip-path|pointer-events|xml:space|ecmeta_[a-z_]+|baseProfile|version|xmlns:xlink)="[^"]*"/g,
        '',
      )
      .replace(/ style="font-size:12px;font-family:inherit;"/g, '')
      .replaceAll('stroke-width="0.6666666666666666"', 'stroke-width="0.7"')
      .replace(/\n+/g, '\n')
  );
}

/** Neighbouring lines with the same attributes, such as those of a grid, become one. */
function joinPaths(svg: string): string {
  const lines: string[] = [];
  let open: { readonly rest: string; readonly path: string } | undefined;
  const close = (): void => {
    if (open !== undefined) lines.push(`<path d="${open.path}"${open.rest}`);
    open = undefined;
  };
  for (const line of svg.split('\n')) {
    const [, path, rest] = /^<path d="([^"]*)"( fill="none"(?:(?! transform=).)*)$/.exec(line) ?? [];
    if (path !== undefined && rest !== undefined) {
      if (open?.rest === rest) open = { rest, path: open.path + path };
      else {
        close();
        open = { rest, path };
      }
    } else {
      close();
      lines.push(line);
    }
  }
  close();
  return lines.join('\n').trim();
}

function named(svg: string, label: string, width: number): string {
  const attributes = `role="img" aria-label="${escapeText(label)}" style="max-width:${String(width)}px"`;
  return svg.replace('<svg ', () => `<svg ${attributes} `);
}
