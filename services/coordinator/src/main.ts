/** Entry point of the coordinator. */
import { aborted, runServiceProcess } from '@weft/process';
import { resolve } from 'node:path';
import process from 'node:process';
import packageJson from '../package.json' with { type: 'json' };
import { startCoordinator } from './coordinator.ts';
import { coordinatorSpecification } from './settings.ts';

/** Heartbeats come five times within the timeout: one lost in a pause of the system does not matter. */
const heartbeatsPerTimeout = 5;

process.exitCode = await runServiceProcess({
  component: 'coordinator',
  specification: coordinatorSpecification,
  argv: process.argv.slice(2),
  environment: process.env,
  serve: async (values, log, stop) => {
    const coordinator = await startCoordinator(
      {
        listen: values.listen,
        httpListen: values.httpListen,
        stateDir: resolve(values.stateDir),
        keepCheckpoints: values.keepCheckpoints,
        heartbeatIntervalMs: Math.round(values.heartbeatTimeout / heartbeatsPerTimeout),
        heartbeatTimeoutMs: values.heartbeatTimeout,
        continueRuns: values.continueRuns,
        reduction: values.reduction,
        version: packageJson.version,
      },
      log,
    );
    if (values.announce === 'json') {
      const { address, httpAddress } = coordinator;
      process.stdout.write(`${JSON.stringify({ ready: true, address, http: httpAddress })}\n`);
    }
    await Promise.race([aborted(stop), coordinator.failed]).finally(() => coordinator.stop());
  },
});
