import type { Graph, GraphInput, GraphNode, Initializer } from './graph.ts';
import { ProtobufWriter } from './protobuf.ts';
import { elementTypes, type Attribute } from './value.ts';

const irVersion = 8;
const opset = 17;
const attributeTypes = { int: 2, text: 3, ints: 7 } as const;

/** What a model that leaves the process says beside its graph. */
export interface ModelDescription {
  readonly producerVersion: string;
  /** Free texts (`metadata_props`). */
  readonly metadata: Readonly<Record<string, string>>;
  /** Dimensions of inputs and outputs that are `size` are left open, under `name`. */
  readonly open: { readonly size: number; readonly name: string };
}

/** The bytes of an ONNX model (`ModelProto`; field numbers from onnx.proto) that holds `graph`. */
export function encodeModel(graph: Graph, description?: ModelDescription): Uint8Array {
  const body = new ProtobufWriter();
  graph.nodes.forEach((node, index) => body.message(1, encodeNode(node, index)));
  if (graph.seal !== undefined) body.message(1, new ProtobufWriter().text(2, graph.seal).text(4, 'SequenceEmpty'));
  body.text(2, 'weft');
  for (const initializer of graph.initializers) body.message(5, encodeInitializer(initializer));
  for (const input of graph.inputs) body.message(11, encodeValueInfo(input, description?.open));
  if (graph.seal !== undefined) body.message(12, encodeSequenceInfo(graph.seal));
  for (const output of graph.outputs) body.message(12, encodeValueInfo(output, description?.open));

  const model = new ProtobufWriter().integer(1, irVersion).text(2, 'weft');
  if (description !== undefined) model.text(3, description.producerVersion);
  model.message(7, body);
  const domains = new Set(graph.nodes.map((node) => node.domain));
  model.message(8, new ProtobufWriter().text(1, '').integer(2, opset));
  for (const domain of domains) {
    if (domain !== '') model.message(8, new ProtobufWriter().text(1, domain).integer(2, 1));
  }
  for (const [key, value] of Object.entries(description?.metadata ?? {})) {
    model.message(14, new ProtobufWriter().text(1, key).text(2, value));
  }
  return model.finish();
}

/** The name in the model of the node in place `index` of its graph. */
export function nodeName(node: GraphNode, index: number): string {
  return `${node.operator}_${String(index)}`;
}

function encodeNode(node: GraphNode, index: number): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.text(1, input.name);
  for (const output of node.outputs) writer.text(2, output.name);
  writer.text(3, nodeName(node, index)).text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) writer.message(5, encodeAttribute(name, attribute));
  if (node.domain !== '') writer.text(7, node.domain);
  return writer;
}

function encodeAttribute(name: string, attribute: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name);
  switch (attribute.kind) {
    case 'int':
      writer.integer(3, attribute.value);
      break;
    case 'text':
      writer.text(4, attribute.value);
      break;
    case 'ints':
      for (const value of attribute.value) writer.integer(8, value);
      break;
  }
  return writer.integer(20, attributeTypes[attribute.kind]);
}

function encodeInitializer(initializer: Initializer): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const dimension of initializer.shape) writer.integer(1, dimension);
  return writer.integer(2, elementTypes[initializer.type]).text(8, initializer.name).bytes(9, initializer.bytes);
}

function encodeValueInfo(value: GraphInput, open?: ModelDescription['open']): ProtobufWriter {
  const tensor = new ProtobufWriter().integer(1, elementTypes[value.type]);
  if (value.shape !== undefined) {
    const shape = new ProtobufWriter();
    for (const dimension of value.shape) {
      const isOpen = dimension === open?.size;
      shape.message(1, isOpen ? new ProtobufWriter().text(2, open.name) : new ProtobufWriter().integer(1, dimension));
    }
    tensor.message(2, shape);
  }
  return new ProtobufWriter().text(1, value.name).message(2, new ProtobufWriter().message(1, tensor));
}

/** A sequence of float32 tensors. */
function encodeSequenceInfo(name: string): ProtobufWriter {
  const tensor = new ProtobufWriter().integer(1, elementTypes.float32);
  const sequence = new ProtobufWriter().message(1, new ProtobufWriter().message(1, tensor));
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(4, sequence));
}
