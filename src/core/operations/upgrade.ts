/** A rolling upgrade: which programs may run on the store, who runs which, and its end. */
import { type Refusal, refuse } from '../failure.ts'
import { look, use } from '../operation.ts'
import type { UpgradeState } from '../ports.ts'

const whole = { all: { in: { account: '', region: '', project: '' }, kind: 'service' } } as const
const operators = { all: 'administer' } as const

export const describeUpgrade = look({
  name: 'describeUpgrade',
  summary: 'Tell which programs may run on the store, and which ones do.',
  rights: operators,
  targets: (_request: Record<string, never>) => whole,
  run: ({ house }): Promise<UpgradeState> => house.upgrade.state(),
})

export const finishUpgrade = use({
  name: 'finishUpgrade',
  summary: 'Let what older programs cannot read be written from now on; they are refused then.',
  rights: operators,
  targets: (_request: Record<string, never>) => whole,
  async run({ house }): Promise<UpgradeState | Refusal> {
    const { program, members } = await house.upgrade.state()
    const older = members.filter((member) => member.program < program).map(({ name }) => name)
    if (older.length > 0)
      return refuse({
        reason: 'invalidAttributeValue',
        member: 'the upgrade',
        why: `cannot be finished: older programs still run, at ${[...new Set(older)].join(', ')}`,
      })
    await house.upgrade.finish()
    return house.upgrade.state()
  },
})
