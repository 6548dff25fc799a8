import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { inspectInstallation, verifyCanaries } from '../../../core/operations/inspect.ts'
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

export const Doctor = action({
  name: 'doctor',
  rights: { all: 'installation:doctor' },
  summary:
    'Check everything: files, database, journal, and that every key version still opens what it sealed at birth.',
  evidence: inferred('ours'),
  request: {},
  response: { ok: z.boolean(), findings: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) },
  operation: verifyCanaries,
  toCore: () => ({}),
  fromCore: (findings) => ({ ok: findings.every(({ ok }) => ok), findings: findings.map((one) => ({ ...one })) }),
})
