import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest would leave one core to itself, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,services}/*/src/**/*.test.ts', '{benchmarks,tools}/src/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      // What takes minutes, run by hand: vitest run --project slow.
      { test: { name: 'slow', include: ['libs/*/src/**/*.slow.ts'], testTimeout: 600_000 } },
      { test: { name: 'e2e', include: ['e2e/src/**/*.test.ts'], testTimeout: 180_000 } },
    ],
  },
});
