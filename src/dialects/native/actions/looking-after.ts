import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeCanaries, describeNodes } from '../../../core/operations/looking-after.ts'
import { action } from '../action.ts'
import { isoOf, time } from '../fields.ts'

export const Nodes = action({
  name: 'nodes',
  rights: { all: 'installation:nodes' },
  summary: 'List the processes that serve, where there are several.',
  evidence: inferred('ours'),
  request: {},
  response: {
    nodes: z.array(z.object({ name: z.string(), program: z.int().nullable(), generation: z.int().nullable() })),
  },
  operation: describeNodes,
  toCore: () => ({}),
  fromCore: (nodes) => ({
    nodes: nodes.map(({ name, program, generation }) => ({
      name,
      program: program ?? null,
      generation: generation ?? null,
    })),
  }),
})

export const Canaries = action({
  name: 'canaries',
  rights: { all: 'installation:canaries' },
  summary: 'Tell how far the check has come that every key version still opens what it sealed at birth.',
  evidence: inferred('ours'),
  request: {},
  response: {
    startedAt: time.nullable(),
    done: z.boolean(),
    checked: z.int(),
    failed: z.array(z.string()).describe('Key versions, the first hundred.'),
  },
  operation: describeCanaries,
  toCore: () => ({}),
  fromCore: ({ startedAt, failed, ...rest }) => ({
    ...rest,
    startedAt: startedAt === undefined ? null : isoOf(startedAt),
    failed: [...failed],
  }),
})
