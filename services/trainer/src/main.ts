/** Entry point of a trainer. */
import { userCacheDirectory } from '@weft/data';
import { runServiceProcess } from '@weft/process';
import { homedir, hostname } from 'node:os';
import process from 'node:process';
import { trainerSpecification } from './settings.ts';
import { runTrainer } from './trainer.ts';

process.exitCode = await runServiceProcess({
  component: 'trainer',
  specification: trainerSpecification,
  argv: process.argv.slice(2),
  environment: process.env,
  serve: (values, log, stop) =>
    runTrainer(
      {
        coordinator: values.coordinator,
        trainerId: values.trainerId ?? defaultTrainerId(),
        engine: values.engine,
        httpListen: values.httpListen,
        peerListen: values.peerListen,
        peerAddress: values.peerAddress,
        dataOptions: {
          cacheDirectory: userCacheDirectory(process.env, homedir()),
          ...(values.dataDir === undefined ? {} : { dataDirectory: values.dataDir }),
        },
        reconnectTimeoutMs: values.reconnectTimeout,
        stallTimeoutMs: values.stallTimeout,
        logLevel: values.logLevel,
        logFormat: values.logFormat,
      },
      log,
      stop,
    ),
});

/** The host's name and the process id, in the form that ids have. */
function defaultTrainerId(): string {
  const host = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 48);
  return `${host === '' ? 'trainer' : host}-${String(process.pid)}`;
}
