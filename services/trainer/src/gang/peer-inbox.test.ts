import { inMemoryStreams, PeerService, protocolVersion, splitTransfer, type Mean } from '@weft/wire';
import { expect, test } from 'vitest';
import type { ComputeCommand } from '../compute/commands.ts';
import { PeerInbox } from './peer-inbox.ts';

/** More than one frame. */
const layoutSize = 100_000;

/** The call of another trainer. */
function startCall() {
  const { client, server } = inMemoryStreams(PeerService.method.exchange);
  const commands: ComputeCommand[] = [];
  const inbox = new PeerInbox(
    (command) => commands.push(command),
    () => undefined,
  );
  inbox.accept(server);
  client.onMessage(() => undefined);
  client.send({ body: { case: 'hello', value: { trainerId: 'a', protocolVersion } } });
  const frames = (transfer: bigint, runId: string) => {
    const value: Mean = {
      ...{ $typeName: 'weft.v1.Mean', runId, generation: 2n, position: 5n, rank: 1 },
      ...{ lossSum: 1, correctCount: 0n, pieceDigests: new Uint8Array(0), finite: true, hold: false },
    };
    return [...splitTransfer(transfer, { case: 'mean', value }, new Uint8Array(4 * layoutSize))];
  };
  const send = (some: ReturnType<typeof frames>): void => {
    for (const { frame, payload } of some) client.send({ body: { case: 'frame', value: frame }, payload });
  };
  return { inbox, commands, frames, send };
}

async function passTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

test('a mean of the run in hand arrives with the name of its run, its generation and its position', async () => {
  const { inbox, commands, frames, send } = startCall();
  inbox.layout = { runId: 'r', layoutSize };
  send(frames(1n, 'earlier'));
  send(frames(2n, 'r'));
  await expect.poll(() => commands).toHaveLength(1);
  expect(commands[0]).toMatchObject({ label: { runId: 'r', generation: 2, position: 5, rank: 1 } });
});

test.each([undefined, 'next'])(
  'a mean that began before its run was closed is dropped, with run %s in hand',
  async (next) => {
    const { inbox, commands, frames, send } = startCall();
    inbox.layout = { runId: 'r', layoutSize };
    const [first, ...others] = frames(1n, 'r');
    send(first === undefined ? [] : [first]);
    await passTurns();
    inbox.layout = next === undefined ? undefined : { runId: next, layoutSize };
    send(others);
    await passTurns();
    inbox.layout = { runId: 'r', layoutSize };
    send(frames(2n, 'r'));
    await expect.poll(() => commands).toHaveLength(1);
    await passTurns();
    expect(commands).toHaveLength(1);
  },
);
