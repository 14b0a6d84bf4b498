/** Registries: each process has its own, and passes it to whatever measures. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry that already has the metrics of the Node process: memory, CPU, event loop, garbage collection. */
export function createProcessRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export type { Registry } from 'prom-client';
