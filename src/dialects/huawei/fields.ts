/** Fields and records that several calls share, in the vendor's words. */
import { text } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import { aliasText } from '../../core/key-name.ts'
import type { State } from '../../core/state.ts'

/** What the pages print: letters beyond f pass it, and name no key. */
const idPattern = /^[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}$/

/** A key's id and nothing else. */
export const keyId = text({ pattern: idPattern, code: 'KMS.0205' })

const aliasCharacters = '[a-zA-Z0-9:/_-]{1,255}'

/** With the prefix or without it, one and the same alias. */
export const alias = text({
  pattern: new RegExp(`^(?!alias/$)(?:alias/)?${aliasCharacters}$`),
  code: 'KMS.1101',
  limit: '1 to 255 of letters, digits and `:/_-`, after `alias/` or without it',
})

/** What an alias is known by. */
export const aliasName = (written: string): string => written.replace(/^alias\//, '')

const aliasForm = new RegExp(`^alias/(${aliasCharacters})$`)
const urnForm = new RegExp(`^kms:([^:]{1,64}):([^:]{1,64}):alias:(${aliasCharacters})$`)

/** What the core reads as a key's name; undefined for what is none. */
const keyNameOf = (written: string): string | undefined => {
  if (idPattern.test(written)) return written
  const [, short] = aliasForm.exec(written) ?? []
  if (short !== undefined) return aliasText(short)
  const [, region, account, name] = urnForm.exec(written) ?? []
  return region && account && name ? aliasText(name, { region, account }) : undefined
}

/** A key by its id, by `alias/<name>`, or by the resource name of an alias; for the calls that take all three. */
export const keyRef = noted(
  z.codec(z.string(), z.string(), {
    decode(written, context) {
      const name = keyNameOf(written)
      if (name !== undefined) return name
      context.issues.push({ code: 'custom', input: written, message: 'must be the id of a key, or an alias of it' })
      return z.NEVER
    },
    encode: (name) => name, // Only requests have one.
  }),
  { code: 'KMS.0205', form: 'id, `alias/<name>` or `kms:<region>:<domain>:alias:<name>`' },
)

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

/** The id of an enterprise project, under which an account lists its keys; `0` and nothing are the default one. */
export const enterpriseProject = text({ pattern: /^[0-9A-Za-z-]{0,36}$/ })

/** What the core keeps of it. */
export const groupOf = (project: string | undefined): string =>
  project === undefined || project === '0' ? '' : project

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
