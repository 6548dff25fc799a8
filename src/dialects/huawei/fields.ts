/** Fields and records that several calls share, in the vendor's words. */
import { text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import type { State } from '../../core/state.ts'

/** What the pages print: letters beyond f pass it, and name no key. */
const idPattern = /^[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}$/

/** A key's id and nothing else. */
export const keyId = text({ pattern: idPattern, code: 'KMS.0205' })

/** 36 characters of the caller's own, or none; nothing is done with it. */
export const sequence = text({ charactersMax: 36, code: 'KMS.0206' })
  .describe("The caller's own number of the request; it is read and not used.")
  .optional()

/** The name of a key; names that end so are of keys that products own. */
export const keyAlias = text({
  pattern: /^(?!.*\/default$)[a-zA-Z0-9:/_-]{1,255}$/,
  code: 'KMS.1101',
  limit: '1 to 255 of letters, digits and `:/_-`, not ending in `/default`',
})

export const keyDescription = text({ charactersMax: 255, code: 'KMS.1103' })

/** How often a key is rotated when nothing else is said, and at most; days. */
export const rotationIntervalDefault = 365

/** Of an older edition of the API; clients still send it. */
export const legacy = z.unknown().describe('Read by nobody: older clients send it.').optional()

export const keyIdMember = z.string().describe('The id of the key.')

/** Clients compare it as text. `7`, frozen for a bill, is never said here. */
export const keyState = z.enum(['2', '3', '4', '5'])
export type KeyState = z.output<typeof keyState>

/** A deactivated (archived) key shows as disabled: clients then make no new use of it. Destroyed is never shown. */
export const keyStates: Readonly<Record<State, KeyState>> = {
  active: '2',
  suspended: '3',
  deactivated: '3',
  destructionScheduled: '4',
  preActive: '5',
  destroyed: '4',
}

const stateNames = Object.keys(keyStates) as State[]

/** Every state that shows as this number. */
export const statesByNumber = (number: string): readonly State[] =>
  stateNames.filter((state) => state !== 'destroyed' && keyStates[state] === number)

/** What a call that moves a key answers. */
export const keyInState = z.object({ key_id: keyIdMember, key_state: keyState })

/** The times of records are UTC milliseconds as text, empty for never. */
export const milliseconds = (instant: number | null): string => (instant === null ? '' : String(instant))
