/** A report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. Pure. */
import { curveChart, html, pageStyle, raw, type Markup } from '@weft/report';
import { formatCount, formatFraction, formatLoss, formatSeconds } from '../output/format.ts';
import { isEqual, type Comparison, type ReportContent, type ReportedRun } from './report-content.ts';

/** The whole page. */
export function renderReport(content: ReportContent): string {
  const { title, createdAt, dataRemark, runs, comparisons, environment } = content;
  const synthetic = runs.some(({ summary }) => summary.dataSet.synthetic);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="soft">${dataLine(runs)} &middot; ${createdAt}</p>
        </header>
        ${synthetic ? warning(dataRemark) : raw('')} ${comparisons.map(verdict)}
        <section>
          <h2>Results</h2>
          ${resultTable(runs)}
          <p class="soft">
            Times are training time, evaluation and checkpoints left out. The digest is the SHA-256 of the final
            weights.
          </p>
        </section>
        ${runs.map(runSection)}
        <section>
          <h2>Environment</h2>
          <dl>
            ${environment.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </section>
      </body>
    </html> `;
  return page.markup;
}

function dataLine(runs: readonly ReportedRun[]): string {
  const names = new Set(runs.map(({ summary }) => dataSetName(summary.dataSet)));
  return `Data: ${[...names].join(', ')}`;
}

function dataSetName({ name, synthetic }: ReportedRun['summary']['dataSet']): string {
  return synthetic ? `${name} (synthetic: generated pictures)` : name;
}

function warning(remark: string | undefined): Markup {
  const why = remark === undefined ? html`` : html`<p class="soft">Why: ${remark}</p>`;
  return html`<div class="warning">
    <strong>Synthetic data.</strong> These figures come from generated pictures of garments, not from Fashion-MNIST:
    they compare runs with each other and nothing else.${why}
  </div>`;
}

function verdict(comparison: Comparison): Markup {
  const { left, right } = comparison;
  const equal = isEqual(comparison);
  const text = equal ? 'Equal, bit for bit.' : 'Not equal: this breaks the promise of Weft.';
  return html`<div class="verdict ${equal ? '' : 'bad'}">
    <p><strong>${text}</strong> The same configuration on ${trainers(left)} and on ${trainers(right)}:</p>
    <p><code>${left.result.weightsDigest}</code> <span class="soft">${left.title}</span></p>
    <p><code>${right.result.weightsDigest}</code> <span class="soft">${right.title}</span></p>
  </div>`;
}

function trainers(run: ReportedRun): string {
  return `${String(run.trainers)} ${run.trainers === 1 ? 'trainer' : 'trainers'}`;
}

function resultTable(runs: readonly ReportedRun[]): Markup {
  const heads = ['run', 'data set'].map((head) => html`<th>${head}</th>`);
  const numbers = ['parameters', 'epochs', 'validation accuracy', 'test accuracy', 'test loss', 'examples/s', 'time'];
  const rows = runs.map(({ title, summary, parameters, result }) => {
    const cells = [
      formatCount(parameters),
      String(summary.epochs),
      formatFraction(result.validationAccuracy),
      formatFraction(result.testAccuracy),
      formatLoss(result.testLoss),
      formatCount(result.examplesPerSecond),
      formatSeconds(result.seconds),
    ].map((cell) => html`<td class="number">${cell}</td>`);
    return html`<tr>
      <td>${title}</td>
      <td>${summary.dataSet.name}${summary.dataSet.synthetic ? ' (synthetic)' : ''}</td>
      ${cells}
      <td><code>${result.weightsDigest.slice(0, 16)}</code></td>
    </tr> `;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${heads}${numbers.map((head) => html`<th class="number">${head}</th>`)}
          <th>digest</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function runSection(run: ReportedRun): Markup {
  const { title, summary, epochs, engineFingerprint } = run;
  const loss = { training: epochs.map((e) => e.loss), validation: epochs.map((e) => e.validationLoss) };
  const accuracy = { training: epochs.map((e) => e.accuracy), validation: epochs.map((e) => e.validationAccuracy) };
  const { optimizer } = summary;
  const settings = `${optimizer.name}, learning rate ${String(optimizer.learningRate)}, batch ${String(summary.batchSize)} in chunks of ${String(summary.chunkSize)}, seed ${String(summary.seed)}`;
  return html`<section>
    <h2>${title}</h2>
    <p class="soft">${dataSetName(summary.dataSet)} &middot; ${settings} &middot; ${engineFingerprint}</p>
    <div class="figures">
      <figure>
        ${raw(curveChart({ figure: 'loss', curves: [loss] }))}
        <figcaption>Loss; training is the mean over the epoch, while weights still change.</figcaption>
      </figure>
      <figure>
        ${raw(curveChart({ figure: 'accuracy', curves: [accuracy] }))}
        <figcaption>Accuracy; validation is measured after the epoch.</figcaption>
      </figure>
    </div>
  </section> `;
}
