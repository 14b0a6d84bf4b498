import { expect, test } from 'vitest';
import type { ConnectionEnd } from './connection.ts';
import { Network } from './network.ts';
import { SimProcess } from './sim-process.ts';
import { VirtualTime } from './virtual-time.ts';

/** Two machines, `a` connected to `b`; what `b` hears of the connection, in order. */
function connected(windowBytes = 1000): {
  readonly time: VirtualTime;
  readonly network: Network<string>;
  readonly a: SimProcess;
  readonly b: SimProcess;
  readonly end: ConnectionEnd<string>;
  readonly heard: string[];
} {
  const time = new VirtualTime();
  const network = new Network<string>(time, 1, {
    speed: { latencyMs: 1, jitterMs: 20, bytesPerMs: 1 },
    windowBytes,
    breaks: () => false,
  });
  const [a, b] = [new SimProcess('a', time), new SimProcess('b', time)];
  const heard: string[] = [];
  network.listen({
    machine: 'b',
    process: b,
    thread: b.startThread(),
    accept: (far, peer) => {
      heard.push(`call of ${peer}`);
      far.onMessage((message) => heard.push(Buffer.from(message).toString()));
      far.onEnd((ending) => heard.push(ending.kind === 'closed' ? `closed: ${String(ending.reason)}` : ending.cause));
    },
  });
  return { time, network, a, b, heard, end: network.open({ machine: 'a', process: a, thread: a.startThread() }, 'b') };
}

async function runUntil(time: VirtualTime, untilMs: number): Promise<void> {
  time.after(untilMs - time.nowMs, () => undefined);
  while (time.nowMs < untilMs) await time.advance();
}

test('messages arrive in order and then the end, whatever the latencies', async () => {
  const { time, end, heard } = connected();
  const words = Array.from({ length: 20 }, (_, number) => `message ${String(number)}`);
  for (const word of words) end.send(Buffer.from(word));
  end.close('done');
  await runUntil(time, 1000);
  expect(heard).toEqual(['call of a', ...words, 'closed: done']);
});

test('what is sent into a partition arrives after it, behind what was under way when it began', async () => {
  const { time, network, end, heard } = connected();
  await runUntil(time, 100);
  end.send(Buffer.from('under way'));
  const heal = network.block([network.link('a', 'b')]);
  end.send(Buffer.from('sent into it'));
  await runUntil(time, 1000);
  expect(heard).toEqual(['call of a']);
  heal();
  end.send(Buffer.from('sent after it'));
  await runUntil(time, 2000);
  expect(heard).toEqual(['call of a', 'under way', 'sent into it', 'sent after it']);
});

test('a partition that takes too long breaks connections at both ends', async () => {
  const { time, network, end, heard } = connected();
  const own: string[] = [];
  end.onEnd((ending) => own.push(ending.kind));
  await runUntil(time, 100);
  network.block([network.link('a', 'b')]);
  await runUntil(time, 200_000);
  expect([own, heard]).toEqual([['broken'], ['call of a', 'no answer to a keepalive']]);
});

test('a process that is killed is missed at once, one that goes down with its machine only by a keepalive', async () => {
  for (const [silently, noticed] of [
    [false, ['call of a', 'a is gone']],
    [true, ['call of a']],
  ] as const) {
    const { time, a, heard } = connected();
    await runUntil(time, 100);
    a.kill(silently);
    await runUntil(time, 1000);
    expect(heard).toEqual(noticed);
  }
});

test('a sender is told to wait while its receiver is behind', async () => {
  const { time, b, end } = connected(10);
  const drained: number[] = [];
  end.onDrained(() => drained.push(time.nowMs));
  await runUntil(time, 100);
  b.freeze();
  end.send(Buffer.from('more than ten bytes'));
  expect(end.isFull).toBe(true);
  await runUntil(time, 5000);
  expect(drained).toEqual([]);
  b.thaw();
  await runUntil(time, 6000);
  expect(drained).toEqual([5000]);
});
