/** The options of `weft coordinator`. */
import { addressOption, choiceOption, durationOption, flagOption, integerOption, stringOption } from '@weft/options';
import { logOptions } from '@weft/process';

export const coordinatorSpecification = {
  name: 'weft coordinator',
  summary: 'Plans runs, adds gradients, and keeps results; trainers attach to it.',
  options: {
    listen: addressOption({
      summary: 'where trainers and commands connect (gRPC)',
      socket: true,
      environment: 'WEFT_LISTEN',
      default: '127.0.0.1:7070',
    }),
    httpListen: addressOption({
      summary: 'where to serve /metrics, /healthz and /readyz',
      environment: 'WEFT_HTTP_LISTEN',
      default: '127.0.0.1:7071',
    }),
    stateDir: stringOption({
      summary: 'directory for runs, results and checkpoints',
      environment: 'WEFT_STATE_DIR',
      placeholder: 'DIR',
      default: '.weft',
    }),
    keepCheckpoints: integerOption({
      summary: 'newest checkpoints that stay on disk, of each run; `weft replay` starts from them',
      default: 3,
      min: 2,
    }),
    heartbeatTimeout: durationOption({
      summary: 'a trainer that is silent for longer is taken for lost',
      environment: 'WEFT_HEARTBEAT_TIMEOUT',
      default: 3000,
      minMs: 200,
      maxMs: 600_000,
    }),
    continueRuns: flagOption({
      summary: 'go on with runs that were under way when the last coordinator stopped',
      default: true,
    }),
    reduction: choiceOption({
      summary: 'tree: fixed order, equal bytes; arrival: for experiments, results vary from run to run',
      choices: ['tree', 'arrival'],
      default: 'tree',
    }),
    announce: choiceOption({
      summary: 'json: print one line with the addresses in use once it serves',
      choices: ['json', 'none'],
      default: 'none',
    }),
    ...logOptions,
  },
} as const;
