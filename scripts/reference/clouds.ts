/** The page that shows one key as each cloud sees it. What the declarations know is read from them. */
import type { Usage } from '../../src/core/object.ts'
import { states } from '../../src/core/state.ts'
import { namesOf } from '../../src/crypto/algorithms.ts'
import { keyStates as huaweiStates } from '../../src/dialects/huawei/fields.ts'
import { keyUsageOf as huaweiUsageOf, keySpecOf, keySpecs } from '../../src/dialects/huawei/key-specs.ts'
import { keyStates as tencentStates } from '../../src/dialects/tencent/fields.ts'
import { keyUsageOf as tencentUsageOf } from '../../src/dialects/tencent/key-usages.ts'
import { code, generatedNote, page, table } from './markdown.ts'

const stateTable = (): string =>
  table(
    ['In the core', 'Tencent: KeyState', 'Huawei: key_state'],
    states.filter((state) => state !== 'destroyed').map((state) => [state, tencentStates[state], huaweiStates[state]]),
  )

interface Kind {
  readonly algorithm: string
  readonly usage: Usage
}

/** Every kind of key that one of the clouds makes. */
const kinds = (): readonly Kind[] => [
  ...Object.values(keySpecs).flatMap(({ algorithm, usages }) => usages.map((usage) => ({ algorithm, usage }))),
  ...namesOf(['mlKem']).map((algorithm) => ({ algorithm, usage: 'encryptDecrypt' as const })),
]

const kindTable = (): string =>
  table(
    ['Algorithm', 'Tencent: KeyUsage', 'Huawei: key_spec', 'Huawei: key_usage'],
    kinds().map((kind) => [
      kind.algorithm,
      code(tencentUsageOf(kind)),
      code(keySpecOf(kind)),
      code(huaweiUsageOf(kind)),
    ]),
  )

/** Where the two APIs differ about one thing: what each says, and what holds here. */
const choices: readonly (readonly [what: string, here: string])[] = [
  ['Id', 'one UUID, the same through both'],
  ['Name', "Alias and key_alias are one name, unique by account and region. Alias objects are Huawei's alone"],
  [
    'Region',
    "a key is in a place, which has a name in each cloud ([table](regions.md)); its project is the account's own there",
  ],
  ['Times', "kept in milliseconds; whole seconds to Tencent's clients, text of milliseconds to Huawei's"],
  ['Pages', 'Offset and Limit, or a marker that is the offset in text'],
  ['Description', "up to 1,024 bytes through Tencent's API, 255 characters through Huawei's; each shows what there is"],
  ['Tags', 'one set of tags; each API checks its own bounds when it writes'],
  ['Kinds that only one API makes', 'shown through the other in words of its own style, found there by `ALL` only'],
  ['Archived', "shows as disabled (`3`) through Huawei's API, and decrypts through both; encrypting is KMS.0209"],
  ['enable-key of an archived key', 'returns it to use, as CancelKeyArchive does'],
  ['disable-key of an archived key', 'KMS.1301: it is not enabled'],
  ['Deletion of an enabled key', "Tencent's API wants it disabled first, Huawei's does not: each keeps its own rule"],
  ['Deletion of an archived key', 'both plan it; a cancelled one comes back disabled, and is no longer archived'],
  [
    'Days until deletion',
    "7 to 30 through Tencent's API, 7 to 1096 through Huawei's; the date is shown through both as it is",
  ],
  ['Rotation', 'one setting; each API checks its own bounds of days when it sets it'],
  ['Keys of products', 'Owner is the product, default_key_flag is 1; each API has its own list of what is refused'],
  ['Grants', "made through Huawei's API, honoured through both"],
  ['Key stores', 'keys in them work through both; a disabled store stops both'],
  ['Copies in other regions', "made through Huawei's API, ordinary keys of their region through Tencent's"],
  ['Hosted data keys, bindings', "Tencent's alone; a bound key is neither disabled nor deleted through either"],
  [
    'Ciphertext',
    'one format; opens through both when the contexts agree ([decision](../decisions/0024-one-ciphertext-for-both-clouds.md))',
  ],
  [
    'Contexts',
    'EncryptionContext and encryption_context are maps, additional_authenticated_data is text; a map never equals a text, and nothing equals nothing',
  ],
  ['Policies', "of both languages are judged together; a deny in either cloud's words denies through both"],
  ['Users', 'one user may have access keys of both; each access key belongs to one API'],
]

export const cloudsPage = (): string =>
  page(
    '# One key, two clouds',
    'A key that was made through either API is there through the other, in the same place. Why each choice is as it is: [decision](../decisions/0027-one-key-two-clouds.md). The tests are in [two-clouds.test.ts](../../test/dialects/two-clouds.test.ts) and [clouds.test.ts](../../test/dialects/huawei/clouds.test.ts).',
    `## States\n\n${stateTable()}`,
    `## Kinds of keys\n\n${kindTable()}`,
    `## What holds across the border\n\n${table(['', 'Here'], choices)}`,
    generatedNote,
  )
