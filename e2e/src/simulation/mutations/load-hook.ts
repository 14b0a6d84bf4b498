/** Loaded before everything else in a process that is to run with a mutation: changes the source as it is loaded. */
import { registerHooks } from 'node:module';
import process from 'node:process';
import { mutations } from './catalogue.ts';
import { mutated } from './mutation.ts';

const root = new URL('../../../../', import.meta.url).href;
// As the program itself reads it.
const { mutation: name } = JSON.parse(process.argv[2] ?? '{}') as { readonly mutation?: string };
const mutation = mutations.find((known) => known.name === name);
if (mutation === undefined) throw new Error(`there is no mutation ${String(name)}`);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const file = url.startsWith(root) ? url.slice(root.length) : '';
    if (!mutation.edits.some((edit) => edit.file === file) || loaded.source === undefined) return loaded;
    const text =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    return { ...loaded, source: mutated(mutation, file, text) };
  },
});
