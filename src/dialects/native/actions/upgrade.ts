import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeUpgrade, finishUpgrade } from '../../../core/operations/upgrade.ts'
import { action } from '../action.ts'

const response = {
  tables: z.number().describe('Version of the tables.'),
  program: z.number().describe('Version of the tables that this program writes.'),
  oldestProgram: z.number().describe('The lowest version whose programs may run.'),
  finished: z.boolean().describe('Whether older programs are refused.'),
  members: z
    .array(z.object({ name: z.string(), program: z.number() }))
    .describe('Who serves, where there are several.'),
}

export const UpgradeStatus = action({
  name: 'upgrade-status',
  rights: { all: 'upgrade:status' },
  summary: 'Tell which programs may run on the database, and which ones do.',
  evidence: inferred('ours'),
  request: {},
  response,
  operation: describeUpgrade,
  toCore: () => ({}),
  fromCore: ({ members, ...state }) => ({ ...state, members: [...members] }),
})

export const UpgradeFinish = action({
  name: 'upgrade-finish',
  rights: { all: 'upgrade:finish' },
  summary: 'Let what older programs cannot read be written from now on; they are refused then.',
  evidence: inferred('ours'),
  request: {},
  response,
  operation: finishUpgrade,
  toCore: () => ({}),
  fromCore: ({ members, ...state }) => ({ ...state, members: [...members] }),
})
