import { choiceOption, integerOption, listOption, stringOption } from '@weft/options';
import { WeftError } from '@weft/core';
import type { Inversion } from '@weft/images';
import { exitCodeOf } from '@weft/wire';
import { command } from '../command.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { openModel } from '../predict/open-model.ts';
import { pictureRequests } from '../predict/picture-operand.ts';
import { predictPictures, type Prediction } from '../predict/predict-pictures.ts';
import { predictionTable } from '../predict/prediction-table.ts';
import { PictureReader } from '../predict/read-picture.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { dataSetOptions } from '../run/data-set-source.ts';
import { trainingOptions } from '../run/training-options.ts';

const modelOperand = stringOption({
  summary: 'What `weft export` wrote, or a run (its newest checkpoint).',
  placeholder: 'MODEL',
  required: true,
});

const imagesOperand = listOption({
  summary: 'PNG, JPEG or PGM files; test:17 and test:0-9 are examples of the test set.',
  placeholder: 'IMAGE',
  required: true,
  whole: true,
  item: stringOption({ summary: '', placeholder: 'IMAGE' }),
});

const inversions: readonly Inversion[] = ['auto', 'yes', 'no'];

/** Says what pictures show. */
export const predictCommand = command(
  {
    name: 'weft predict',
    summary: 'Says which class pictures belong to, by an exported model or a run.',
    options: {
      top: integerOption({ summary: 'Classes for each picture, the likeliest first.', min: 1, max: 1000, default: 2 }),
      invert: choiceOption({
        summary: 'Exchange black and white of picture files, since models know light things on black.',
        choices: inversions,
        default: 'auto',
      }),
      dataDir: trainingOptions.dataDir,
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: { model: modelOperand, images: imagesOperand },
    notes: [
      'A picture is made grey and scaled by area averaging to fit the input, its proportions kept, on black. --invert auto inverts it where its background is light: where the median of the outermost ring of the scaled picture is above half.',
      'Pictures that cannot be read are named with the reason and the others predicted; the exit code is then that of the first such reason.',
    ],
    examples: ['weft predict fashion.onnx shoe.jpg bag.png', 'weft predict my-run test:0-9 --top 3'],
  },
  async ({ model, images, top, invert, dataDir, coordinator, stateDir, json }, { context }) => {
    const { output, errorOutput, stop, workingDirectory } = context;
    const predictor = await openModel(model, { coordinator, stateDir }, context);
    const data = dataSetOptions(dataDir, context);
    const reader = new PictureReader(predictor, { workingDirectory, inversion: invert, data });
    const predictions: Prediction[] = [];
    let exitCode = 0;
    try {
      for await (const outcome of predictPictures(predictor, reader, images.flatMap(pictureRequests), top)) {
        stop.throwIfAborted();
        if ('reason' in outcome) {
          const { name, code, reason } = outcome;
          if (exitCode === 0) exitCode = exitCodeOf(new WeftError(code, reason));
          errorOutput.write(`${name}: ${reason}\n`);
          if (json) output.write(jsonLine({ event: 'unread-image', image: name, code, reason }));
        } else if (json) output.write(jsonLine({ event: 'prediction', model: predictor.origin, ...outcome }));
        else predictions.push(outcome);
      }
    } finally {
      await predictor.close();
    }
    if (predictions.length > 0) output.write(`${predictionTable(predictions).join('\n')}\n`);
    return exitCode;
  },
);
