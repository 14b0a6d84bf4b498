import { createProcessRegistry, createTrainerMetrics } from '@weft/telemetry';
import { expect, test } from 'vitest';
import { recordMeasurement } from './measurements.ts';

test('a phase that was measured for several steps counts once for each', async () => {
  const registry = createProcessRegistry();
  const metrics = createTrainerMetrics(registry);
  recordMeasurement(metrics, { kind: 'phase', phase: 'compute', steps: 3, seconds: 0.25 });
  const text = await registry.metrics();
  expect(text).toContain('weft_step_seconds_count{phase="compute"} 3');
  expect(text).toContain('weft_step_seconds_sum{phase="compute"} 0.75');
});
