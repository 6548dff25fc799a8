import { inferred } from '../../../contract/evidence.ts'
import { lines } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { type Step, verifyCanaries } from '../../../core/operations/check.ts'
import { inspectInstallation } from '../../../core/operations/inspect.ts'
import { action } from '../action.ts'

export const Status = action({
  name: 'status',
  rights: { all: 'installation:status' },
  summary: 'Tell how the installation is.',
  evidence: inferred('ours'),
  request: {},
  response: { status: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) },
  operation: inspectInstallation,
  toCore: () => ({}),
  fromCore: (status) => ({ status: { ...status } }),
})

async function* asLines(steps: AsyncIterable<Step>): AsyncGenerator<string> {
  for await (const step of steps) yield JSON.stringify(step)
}

export const Doctor = action({
  name: 'doctor',
  rights: { all: 'installation:doctor' },
  summary:
    'Check everything: files, database, journal, and that every key version still opens what it sealed at birth.',
  evidence: inferred('ours'),
  request: {},
  response: { lines },
  operation: verifyCanaries,
  toCore: () => ({}),
  fromCore: (steps) => ({ lines: asLines(steps) }),
})
