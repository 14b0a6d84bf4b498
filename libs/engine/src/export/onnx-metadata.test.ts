import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { onnxMetadata } from './onnx-metadata.ts';

const fileWith = (metadata: Readonly<Record<string, string>>): Uint8Array => {
  const graph = new GraphBuilder();
  graph.output(graph.add('Neg', [graph.input('x', 'float32', [2])]), [2]);
  return encodeModel(graph.build(), { producerVersion: '1', metadata, open: { size: 7, name: 'N' } });
};

test('any texts come back', () => {
  const texts = fc.dictionary(
    fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__'),
    fc.string({ unit: 'grapheme' }),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(texts, (metadata) => {
      expect(onnxMetadata(fileWith(metadata))).toEqual(metadata);
    }),
  );
});

test('a file that is cut or is something else gives an error, never texts that it does not hold', () => {
  const file = fileWith({ key: 'value' });
  for (let length = 1; length < file.length; length++) {
    const read = (): Record<string, string> => onnxMetadata(file.subarray(0, length));
    try {
      expect(read()).toEqual({});
    } catch {
      expect(read).toThrow('no protobuf message');
    }
  }
  expect(() => onnxMetadata(new TextEncoder().encode('not a model'))).toThrow('no protobuf message');
});
