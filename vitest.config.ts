import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { bundleInto } from './scripts/bundle.ts'
import { builtProgram } from './test/harness/built-program.ts'
import { findBrowser } from './test/harness/find-browser.ts'

/** What takes longest begins first, so that no core waits for it at the end. On a fresh clone nothing else tells. */
const long = ['kill/kill.test', 'console/looking', 'console/keys', 'kill/nodes', 'nodes/', 'administration/', 'adapters/', 'server/workers', 'rotation/', 'faults/']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((part) => moduleId.includes(`/test/${part}`))
      return at === -1 ? long.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

/** What keeps nothing beyond itself: files of these share a process, which reads the sources once for all of them. */
const shared = ['contract', 'core', 'crypto', 'dialects', 'spec'].map((room) => `test/${room}/**/*.test.ts`)

// Servers, commands and threads of the tests read the same sources again and again: a quarter of their time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'keystead-compile-cache')

await bundleInto(builtProgram)

export default defineConfig({
  test: {
    // Tests start real servers and threads: a fork each. Three at a time on the two cores they are made for, because one of
    // three waits: for a lease to end, a lock, a disk.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: ['test/bench/**', ...shared, '**/*.postgres.test.ts', '**/*.browser.test.ts'], sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'shared', include: shared, isolate: false, sequence: { groupOrder: 0 } },
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
      // What drives the console in a browser, where the machine has one; scripts/test.ts says where it has none.
      {
        extends: true,
        test: {
          name: 'browser',
          include: findBrowser() === undefined ? [] : ['test/**/*.browser.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      // What measures is alone on the machine: after everything else.
      { extends: true, test: { name: 'bench', include: ['test/bench/*.test.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
})
