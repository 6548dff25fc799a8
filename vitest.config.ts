import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Tests start real servers and threads: a fork each, two at a time on the two cores they are made for.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: ['test/bench/**', '**/*.postgres.test.ts'], sequence: { groupOrder: 0 } },
      },
      // What needs a PostgreSQL server shares one, which only these start.
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/**/*.postgres.test.ts'],
          globalSetup: 'test/harness/postgres-setup.ts',
          sequence: { groupOrder: 0 },
        },
      },
      // What measures is alone on the machine: after everything else.
      { extends: true, test: { name: 'bench', include: ['test/bench/*.test.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
})
