/** The initializer of kernels where an architecture asks for no other: Keras's default. (TF.js's own default is glorot-normal.) */
export const kernelInitializer = 'glorotUniform';
