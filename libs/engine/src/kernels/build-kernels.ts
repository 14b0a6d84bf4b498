/** `npm run build:kernels -w @weft/engine`: compiles `assembly/` and writes the committed binaries beside this file. */
import { writeFileSync } from 'node:fs';
import { compileKernel } from './compile-kernel.ts';
import { kernelNames } from './kernel-names.ts';

for (const name of kernelNames) {
  writeFileSync(new URL(`${name}-binary.ts`, import.meta.url), await compileKernel(name));
}
