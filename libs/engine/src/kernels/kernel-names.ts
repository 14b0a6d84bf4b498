/** The WebAssembly modules of the engine; each is compiled from the file of that name in `assembly/`. */
export const kernelNames = ['masks', 'optimizers'] as const;

export type KernelName = (typeof kernelNames)[number];
