import { defineConfig } from 'vitest/config';

// One process per file keeps rooms apart; two workers suit the two cores the budgets are set for.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
