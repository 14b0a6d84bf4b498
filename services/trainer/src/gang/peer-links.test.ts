import { WeftError } from '@weft/core';
import { inMemoryStreams, PeerService } from '@weft/wire';
import { expect, test } from 'vitest';
import type { ExchangingGang } from '../compute/commands.ts';
import { PeerLinks } from './peer-links.ts';

function gangOf(generation: number, ...members: readonly string[]): ExchangingGang {
  return { runId: 'r', generation, members: members.map((id) => ({ trainerId: id, peerAddress: `${id}:1` })) };
}

/** Links of trainer `x`; `cut` ends the call that was made last to an address. */
function startLinks() {
  const calls = new Map<string, ReturnType<typeof inMemoryStreams<typeof PeerService.method.exchange>>>();
  const losses: string[] = [];
  const links = new PeerLinks({
    trainerId: 'x',
    connect: (address) => {
      const call = inMemoryStreams(PeerService.method.exchange);
      calls.set(address, call);
      return { exchange: () => call.client, close: () => undefined };
    },
    lost: ({ runId, generation }, peer) => losses.push(`${peer} to ${runId} in ${String(generation)}`),
    sent: () => undefined,
  });
  const cut = (address: string): void => {
    calls.get(address)?.server.end(new WeftError('unavailable', 'reset'));
  };
  return { links, losses, calls, cut };
}

test('a link is lost to the gang that was joined last, and the next gang has a new one', async () => {
  const { links, losses, calls, cut } = startLinks();
  links.join(gangOf(1, 'a', 'x'));
  links.join(gangOf(2, 'a', 'x'));
  const before = calls.get('a:1');
  cut('a:1');
  await expect.poll(() => losses).toEqual(['a to r in 2']);
  links.join(gangOf(3, 'a', 'x'));
  expect(calls.get('a:1')).not.toBe(before);
});

test('links that were closed here are no loss', async () => {
  const { links, losses, cut } = startLinks();
  links.join(gangOf(1, 'a', 'b', 'x'));
  links.join(gangOf(2, 'b', 'x'));
  cut('a:1');
  cut('b:1');
  await expect.poll(() => losses).toEqual(['b to r in 2']);
  links.leave();
  expect(losses).toHaveLength(1);
});
