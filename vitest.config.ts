import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start real servers and threads: a fork each, two at a time on the two cores they are made for.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Fewer lines to read; a failure prints everything.
    reporters: ['default'],
  },
})
