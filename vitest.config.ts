/** Four kinds of tests: unit (no network, seconds), integration (real services), security, and end to end. */
import { defineConfig } from 'vitest/config';

const stack = {
  globalSetup: ['test/support/stack.global-setup.ts'],
  setupFiles: ['test/support/use-stack.ts'],
};
const elsewhere = ['test/e2e/**', 'test/security/**', 'test/bench/**', 'test/chaos/**'];

export default defineConfig({
  test: {
    // Node 20 is supported on purpose.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', ...elsewhere],
          // Some start processes of their own; a busy machine is slow, not wrong.
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          exclude: elsewhere,
          // Servers, containers and model loads share two cores.
          ...{ testTimeout: 120_000, hookTimeout: 300_000, maxWorkers: 2 },
          ...stack,
        },
      },
      {
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          ...{ testTimeout: 120_000, hookTimeout: 300_000, maxWorkers: 1 },
          ...stack,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/essential.chaos.test.ts', 'test/chaos/harness/*.chaos.test.ts'],
          ...{ testTimeout: 400_000, hookTimeout: 400_000, maxWorkers: 1 },
          ...stack,
        },
      },
      {
        test: {
          name: 'chaos-all',
          include: ['test/chaos/**/*.chaos.test.ts'],
          ...{ testTimeout: 400_000, hookTimeout: 400_000, maxWorkers: 1 },
          ...stack,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...{ testTimeout: 600_000, hookTimeout: 2_400_000, maxWorkers: 1 },
        },
      },
    ],
  },
});
