import { expect, test } from 'vitest';
import { ProtobufWriter } from './protobuf.ts';

const bytes = (writer: ProtobufWriter): number[] => [...writer.finish()];

test.each([
  [0, [8, 0]],
  [1, [8, 1]],
  [127, [8, 127]],
  [128, [8, 0x80, 0x01]],
  [300, [8, 0xac, 0x02]],
  [2 ** 40, [8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  [-1, [8, ...Array<number>(9).fill(0xff), 0x01]],
])('the integer %d is written in base 128, least significant first', (value, expected) => {
  expect(bytes(new ProtobufWriter().integer(1, value))).toEqual(expected);
});

test('a field number above 15 takes two bytes of tag', () => {
  expect(bytes(new ProtobufWriter().integer(20, 7))).toEqual([0xa0, 0x01, 7]);
});

test('text and messages carry their length', () => {
  const inner = new ProtobufWriter().text(1, 'é');
  expect(bytes(new ProtobufWriter().message(3, inner))).toEqual([0x1a, 4, 0x0a, 2, 0xc3, 0xa9]);
});
