/**
 * Classes of layers that compile. The rest is refused by name before anything is traced: layers that draw random numbers
 * would bake them into the graph, and what is not listed is not held by a test.
 */
export const supportedLayers: ReadonlySet<string> = new Set([
  'InputLayer',
  // Products.
  'Dense',
  'Conv1D',
  'Conv2D',
  'Conv2DTranspose',
  'DepthwiseConv2D',
  'SeparableConv2D',
  // Pools.
  'MaxPooling1D',
  'MaxPooling2D',
  'AveragePooling1D',
  'AveragePooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  // Normalization and dropout.
  'BatchNormalization',
  'LayerNormalization',
  'Dropout',
  'SpatialDropout1D',
  // Activations.
  'Activation',
  'ReLU',
  'LeakyReLU',
  'PReLU',
  'ELU',
  'Softmax',
  // Shape.
  'Flatten',
  'Reshape',
  'Permute',
  'RepeatVector',
  'ZeroPadding2D',
  'Cropping2D',
  // Branches.
  'Add',
  'Average',
  'Maximum',
  'Minimum',
  'Multiply',
  'Concatenate',
]);
