/** The options of `weft trainer`. */
import { idRule, isId } from '@weft/core';
import { engineNames } from '@weft/engine';
import { addressOption, choiceOption, durationOption, stringOption } from '@weft/options';
import { logOptions } from '@weft/process';

export const trainerSpecification = {
  name: 'weft trainer',
  summary: 'Computes gradients for a coordinator until it is told to stop.',
  options: {
    coordinator: addressOption({
      summary: 'where the coordinator serves',
      socket: true,
      environment: 'WEFT_COORDINATOR',
      default: '127.0.0.1:7070',
    }),
    trainerId: stringOption({
      summary: 'name of this trainer, unique in the cluster; default: the host name and the process id',
      environment: 'WEFT_TRAINER_ID',
      accept: { test: isId, rule: idRule },
    }),
    engine: choiceOption({
      summary: 'numeric back end',
      environment: 'WEFT_ENGINE',
      choices: engineNames,
      default: 'ort-cpu',
    }),
    dataDir: stringOption({
      summary: 'directory with the data set files, looked at first',
      environment: 'WEFT_DATA_DIR',
      placeholder: 'DIR',
    }),
    httpListen: addressOption({
      summary: 'where to serve /metrics, /healthz and /readyz',
      environment: 'WEFT_HTTP_LISTEN',
      default: '127.0.0.1:7072',
    }),
    peerListen: addressOption({
      summary: 'where to listen for other trainers, with which it exchanges partial sums',
      socket: true,
      environment: 'WEFT_PEER_LISTEN',
      default: '127.0.0.1:0',
    }),
    peerAddress: addressOption({
      summary: 'where other trainers reach it; default: where it listens',
      socket: true,
      environment: 'WEFT_PEER_ADDRESS',
    }),
    reconnectTimeout: durationOption({
      summary: 'how long to look for a coordinator before giving up',
      default: 60_000,
      minMs: 1000,
    }),
    stallTimeout: durationOption({
      summary: 'how long one computation may take before the engine counts as hanging, and the trainer ends itself',
      default: 600_000,
      minMs: 1000,
    }),
    ...logOptions,
  },
} as const;
