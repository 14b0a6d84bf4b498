import { studyFileSchema } from '@weft/studies';
import { command } from '../command.ts';
import { outputOptions } from '../run/cluster-options.ts';
import { studyVocabulary } from '../study/study-source.ts';

/** Prints the schema of study files, which docs/study-file.schema.json holds. */
export const sweepSchemaCommand = command(
  {
    name: 'weft sweep schema',
    summary: 'Prints the JSON Schema of study files, for editors.',
    options: { verbose: outputOptions.verbose },
  },
  async (_values, { context }) => {
    context.output.write(`${JSON.stringify(studyFileSchema(studyVocabulary), undefined, 2)}\n`);
    return Promise.resolve(0);
  },
);
