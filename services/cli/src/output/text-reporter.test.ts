import { expect, test } from 'vitest';
import { someEpoch, someProgress, someResult, someStatus } from '../run/figures.fixture.ts';
import type { Reporter } from './reporter.ts';
import { textReporter } from './text-reporter.ts';

function reportTo(isTerminal: boolean, tell: (reporter: Reporter, clock: { ms: number }) => void): string {
  let text = '';
  const clock = { ms: 0 };
  const output = { write: (more: string) => void (text += more), isTerminal, columns: 100 };
  tell(textReporter(output, { trainers: '2 local trainers', nowMs: () => clock.ms }), clock);
  return text;
}

const wholeRun = (reporter: Reporter): void => {
  reporter.status({ ...someStatus, phase: 'queued', reason: 'waiting for 1 of 2 trainers' }, undefined);
  reporter.status(someStatus, undefined);
  reporter.progress(someProgress);
  reporter.notice('trainer-2 is lost', 1);
  reporter.epoch(someEpoch);
  reporter.ended({ status: { ...someStatus, phase: 'finished' }, result: someResult, folder: '/runs/run-1' });
};

test('a log gets plain lines: head, states, notices, epochs, summary', () => {
  expect(reportTo(false, wholeRun)).toMatchInlineSnapshot(`
    "run run-1: initial-nn on fashion-mnist with 2 local trainers
      54,000 / 6,000 / 10,000 examples to train, validate, test
      sgd, learning rate 0.01, momentum 0.9
      batch 128 in chunks of 32, 10 epochs, seed 1
      queued: waiting for 1 of 2 trainers
      running: training on 2 trainers
      ! trainer-2 is lost
    epoch  3/10    1.2 s    43,548 ex/s  loss 0.7012  acc 0.7654  val loss 0.6800  val acc 0.7712  ETA 8.7 s

    run run-1 finished
      data set             fashion-mnist
      test accuracy        0.8211  (loss 0.5123)
      validation accuracy  0.8300  (loss 0.5000)
      training time        1:03  (43,200 examples/s)
      engine               ort-cpu test
      results              /runs/run-1
      weights digest       cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
    "
  `);
});

test('a terminal gets one line that is drawn over, and lines that stay', () => {
  const text = reportTo(true, wholeRun);
  expect(text).toContain('\r\u001b[2Kepoch  3/10  ');
  expect(text).toContain('\r\u001b[2K  ! trainer-2 is lost\n');
  // What is seen in the end, once every line that was drawn over is gone.
  const seen = text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1));
  expect(seen.filter((line) => line?.startsWith('epoch'))).toHaveLength(1);
});

test('a log says where a long epoch is, every ten seconds', () => {
  const text = reportTo(false, (reporter, clock) => {
    reporter.status(someStatus, undefined);
    for (let second = 0; second < 25; second++) {
      clock.ms = second * 1000;
      reporter.progress(someProgress);
    }
  });
  expect(text.match(/211\/422/g)).toHaveLength(2);
});

test('an interruption leaves the cursor on a line of its own', () => {
  const text = reportTo(true, (reporter) => {
    reporter.status(someStatus, undefined);
    reporter.progress(someProgress);
    reporter.dropped();
  });
  expect(text.endsWith('\n')).toBe(true);
});
