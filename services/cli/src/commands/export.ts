import { choiceOption, flagOption, stringOption } from '@weft/options';
import { resolve } from 'node:path';
import { command } from '../command.ts';
import { exportLine } from '../export/export-line.ts';
import { formatOfPath, modelFormats, modelOutput } from '../export/model-files.ts';
import { isModelReference, modelReferenceRule } from '../export/model-reference.ts';
import { modelSource } from '../export/model-source.ts';
import { writeOutput } from '../export/write-output.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { weftVersion } from '../version.ts';

const modelOperand = stringOption({
  summary: 'Run whose newest checkpoint is exported, as `weft runs` lists it.',
  placeholder: 'RUN|STUDY[:TRIAL]',
  required: true,
  accept: { test: isModelReference, rule: modelReferenceRule },
});

/** Writes the model of a run in a form that other programs load. */
export const exportCommand = command(
  {
    name: 'weft export',
    summary: 'Writes the model of a run for TensorFlow.js, ONNX Runtime or as safetensors.',
    options: {
      output: stringOption({
        summary: 'Where to: a folder for TensorFlow.js, else a file.',
        placeholder: 'PATH',
        alias: 'o',
        required: true,
      }),
      format: choiceOption({
        summary: 'Default by the ending of --output: .onnx, .safetensors, else tfjs.',
        choices: modelFormats,
        alias: 'f',
      }),
      force: flagOption({ summary: 'Replace what is there, if it is an export of that kind.' }),
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: { model: modelOperand },
    notes: [
      'The model is that of the newest checkpoint: of a run under way, after its last whole epoch. Class names, preprocessing and origin are in the metadata of each format.',
      'docs/export.md shows how to load it.',
    ],
    examples: ['weft export my-run -o fashion.onnx', 'weft export my-run -o web/model --format tfjs --force'],
  },
  async ({ model: reference, output, format, force, coordinator, stateDir, json }, { context }) => {
    const path = resolve(context.workingDirectory, output);
    const chosen = format ?? formatOfPath(path);
    const trained = await modelSource(reference, { coordinator, stateDir }, context);
    const written = await modelOutput(trained.model, chosen, weftVersion());
    context.stop.throwIfAborted();
    await writeOutput(path, written, force);
    const { runId, modelName, position, totalSteps, weightsDigest } = trained;
    const files = written.kind === 'folder' ? written.files : [{ name: '', bytes: written.bytes }];
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    const facts = { runId, model: modelName, position, totalSteps, weightsDigest, format: chosen, path, bytes };
    context.output.write(json ? jsonLine({ event: 'exported', ...facts }) : `${exportLine(facts)}\n`);
    return 0;
  },
);
