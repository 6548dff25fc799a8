/** What is around keys: who uses them, aliases, grants, data keys. */
import { systemClock } from '../../adapters/system/clock.ts'
import type { Members } from '../reply.ts'
import { table } from '../table.ts'
import type { Column, Said, Verb } from '../verbs.ts'
import { again, base64OfFile, context, key, number, only, printedIn, tag, told } from './said.ts'

const anyKey = 'alias:::orders'
const dayMs = 86_400_000
const lately: Said = { flags: '--days <days>', says: 'how many days back; 30 without it', read: number }

/** The days before this moment, as a window of the API. */
const windowOf = ({ days = 30, ...said }: Members): Members => {
  const to = systemClock.now()
  const [from, until] = [to - Number(days) * dayMs, to].map((time) => new Date(time).toISOString())
  return { ...said, from, to: until, step: 'day' }
}

const userColumns = ['WHO', 'DIALECT', 'USES', 'LAST', 'FROM']

/** Who used it, and then what relies on it. */
const impactOf = ({ uses: lately, ...counts }: Members): string => {
  const rows = (lately as readonly Members[]).map(({ principalName, principal, dialect, count, lastAt, sources }) => [
    String(principalName || principal),
    String(dialect),
    String(count),
    String(lastAt ?? '-'),
    (sources as readonly string[]).join(' '),
  ])
  const relied = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return `${rows.length === 0 ? 'nobody used it' : table(userColumns, rows)}\n${relied.join(', ')} rely on it`
}

const uses: readonly Verb[] = [
  {
    words: 'key uses',
    says: 'tell who used a key, and how often; day by day in --json',
    action: 'key-uses',
    takes: [key, lately],
    asks: windowOf,
    shows: {
      list: 'by',
      columns: [
        ['WHO', 'principalName'],
        ['NUMBER', 'principal'],
        ['VERSION', 'version'],
        ['DIALECT', 'dialect'],
        ['USES', 'count'],
      ],
    },
    example: `${anyKey} --days 7`,
  },
  {
    words: 'key impact',
    says: 'tell who would notice that a key is gone',
    action: 'key-impact',
    takes: [key, lately],
    shows: { line: impactOf },
    example: anyKey,
  },
  {
    words: 'key bindings',
    says: 'list the resources of other products that rely on a key',
    action: 'binding-list',
    takes: [key],
    shows: {
      list: 'bindings',
      columns: [
        ['PRODUCT', 'product'],
        ['RESOURCE', 'resource'],
        ['CREATED', 'createdAt'],
      ],
    },
    pages: true,
    example: anyKey,
  },
  {
    words: 'uses',
    says: 'tell which keys were used most lately',
    action: 'uses-total',
    takes: [lately],
    asks: windowOf,
    shows: {
      list: 'keys',
      columns: [
        ['KEY', 'key'],
        ['USES', 'count'],
      ],
    },
    example: '--days 7',
  },
]

const name: Said = { flags: '<name>', says: 'the alias' }

const aliases: readonly Verb[] = [
  {
    words: 'alias list',
    says: 'list the aliases of a region, or of one key',
    action: 'alias-list',
    takes: [{ ...key, flags: '[key]' }],
    shows: {
      list: 'aliases',
      columns: [
        ['NAME', 'name'],
        ['KEY', 'key'],
        ['CREATED', 'createdAt'],
      ],
    },
    pages: true,
    example: '',
  },
  {
    words: 'alias create',
    says: 'give a key an alias',
    action: 'alias-create',
    takes: [name, key],
    shows: told((asked) => `alias:::${asked.name} is ${asked.key}`),
    example: 'orders 0f5c2a9e-6a0f-4f0c-9a43-0b7a6e7b7f10',
  },
  {
    words: 'alias move',
    says: 'let an alias name another key',
    action: 'alias-move',
    takes: [name, key],
    shows: told((asked) => `alias:::${asked.name} is ${asked.key}`),
    example: 'orders 0f5c2a9e-6a0f-4f0c-9a43-0b7a6e7b7f10',
  },
  {
    words: 'alias delete',
    says: 'take an alias from its key',
    action: 'alias-delete',
    takes: [name],
    shows: told((asked) => `deleted alias ${asked.name}`),
    example: 'orders',
  },
]

const grants: readonly Verb[] = [
  {
    words: 'grant list',
    says: 'list the grants of a key, oldest first',
    action: 'grant-list',
    takes: [key],
    shows: {
      list: 'grants',
      columns: [
        ['ID', 'id'],
        ['NAME', 'name'],
        ['WHO', 'grantee'],
        ['MAY', 'operations'],
        ['CREATED', 'createdAt'],
      ],
    },
    pages: true,
    example: anyKey,
  },
  {
    words: 'grant create',
    says: 'let a user use a key, beside what its policies say',
    action: 'grant-create',
    takes: [
      key,
      { flags: '--user <user>', says: 'name or number of the user', mandatory: true },
      {
        flags: '--right <right>',
        says: 'such as encrypt; may be said again',
        member: 'rights',
        read: again,
        mandatory: true,
      },
      { flags: '--name <name>', says: 'what it is called' },
    ],
    shows: { line: ({ grant }) => `made grant ${grant}` },
    example: `${anyKey} --user ann --right encrypt --right decrypt`,
  },
  {
    words: 'grant revoke',
    says: 'take a grant of a key back',
    action: 'grant-revoke',
    takes: [key, { flags: '<grant>', says: 'its id' }],
    shows: told((asked) => `revoked ${asked.grant}`),
    example: `${anyKey} 4be0b2c1f3d84d0c`,
  },
]

const dataKey: Said = { flags: '<data-key>', says: 'id of the data key' }
const anyDataKey = '8d3f4c60-0c5b-4f7e-9d11-2b8c9e2f4a77'

const change = (word: string, says: string, done: string): Verb => ({
  words: `data-key ${word}`,
  says,
  action: `data-key-${word}`,
  takes: [dataKey],
  revised: true,
  shows: told((asked) => `${done} ${asked.dataKey}`),
  example: anyDataKey,
})

const dataKeyColumns: readonly Column[] = [
  ['ID', 'id'],
  ['NAME', 'name'],
  ['STATE', 'state'],
  ['KEY', 'key'],
  ['BYTES', 'bytes'],
  ['CREATED', 'createdAt'],
]

const dataKeys: readonly Verb[] = [
  {
    words: 'data-key list',
    says: 'list the data keys that are kept, newest first',
    action: 'data-key-list',
    takes: [
      { flags: '--key <id>', says: 'of this key alone' },
      { flags: '--search <text>', says: 'part of the id or the name' },
    ],
    shows: { list: 'dataKeys', columns: dataKeyColumns },
    pages: true,
    example: '--search backup',
  },
  {
    words: 'data-key show',
    says: 'show a data key, without what it is',
    action: 'data-key-show',
    takes: [dataKey],
    shows: { record: 'dataKey' },
    example: anyDataKey,
  },
  {
    words: 'data-key create',
    says: 'make a random data key and keep it, sealed under a key; what it is only data-key read tells',
    action: 'data-key-create',
    takes: [
      { flags: '<name>', says: 'name, unique in the account and region' },
      { flags: '--key <key>', says: key.says, mandatory: true },
      { flags: '--bytes <count>', says: 'its length; 32 without it', read: number },
      { flags: '--description <text>', says: 'what it is for' },
      { flags: '--tag <name=value>', says: 'a tag; may be said again', member: 'tags', read: tag },
    ],
    shows: { line: ({ dataKey: made }) => `made data key ${made}` },
    example: `backup-2027 --key ${anyKey}`,
  },
  {
    words: 'data-key read',
    says: 'print, as Base64, a data key in clear',
    action: 'data-key-read',
    takes: [dataKey],
    shows: only('plaintext'),
    example: anyDataKey,
  },
  {
    words: 'data-key import',
    says: 'keep a data key of your own, sealed under a key',
    action: 'data-key-import',
    takes: [
      { flags: '<name>', says: 'name, unique in the account and region' },
      { flags: '--key <key>', says: 'the key to seal it under, with --plaintext' },
      { flags: '--plaintext <file>', says: 'what it is; - reads standard input', read: base64OfFile },
      {
        flags: '--ciphertext <file>',
        says: 'or as a key sealed it, Base64, without a context; - reads standard input',
        read: printedIn,
      },
      { flags: '--description <text>', says: 'what it is for' },
      { flags: '--tag <name=value>', says: 'a tag; may be said again', member: 'tags', read: tag },
    ],
    shows: { line: ({ dataKey: made }) => `made data key ${made}` },
    example: `backup-2027 --key ${anyKey} --plaintext data-key.bin`,
  },
  {
    words: 'data-key generate',
    says: 'print, as Base64, a random data key in clear, and how a key sealed it; nothing is kept',
    action: 'generate-data-key',
    takes: [key, { flags: '--bytes <count>', says: 'its length; 32 without it', read: number }, context],
    shows: { record: '' },
    example: anyKey,
  },
  {
    words: 'data-key ciphertext',
    says: 'print, as Base64, a data key as it is sealed',
    action: 'data-key-ciphertext',
    takes: [dataKey],
    shows: only('ciphertext'),
    example: anyDataKey,
  },
  {
    words: 'data-key describe',
    says: 'describe a data key anew',
    action: 'data-key-describe',
    takes: [dataKey, { flags: '<description>', says: 'what it is for' }],
    revised: true,
    shows: told((asked) => `described ${asked.dataKey}`),
    example: `${anyDataKey} 'the backups of 2027'`,
  },
  {
    words: 'data-key rename',
    says: 'give a data key another name',
    action: 'data-key-rename',
    takes: [dataKey, { flags: '<name>', says: 'the name' }],
    revised: true,
    shows: told((asked) => `renamed ${asked.dataKey}`),
    example: `${anyDataKey} backup-2028`,
  },
  change('suspend', 'take a data key out of use until it is resumed', 'suspended'),
  change('resume', 'return a suspended data key to use', 'resumed'),
  {
    words: 'data-key schedule-destruction',
    says: 'plan the destruction of a data key',
    action: 'data-key-schedule-destruction',
    takes: [dataKey, { flags: '--days <days>', says: 'how long it can be cancelled', read: number, mandatory: true }],
    revised: true,
    shows: told((asked) => `${asked.dataKey} will be destroyed in ${asked.days} days`),
    example: `${anyDataKey} --days 30`,
  },
  change('cancel-destruction', 'keep a data key whose destruction was planned', 'kept'),
]

export const aroundVerbs: readonly Verb[] = [...uses, ...aliases, ...grants, ...dataKeys]
