import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/recorded-requests.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The commands under test are child processes, and a worker waits while one works: three keep two cores busy.
    maxWorkers: 3,
  },
});
