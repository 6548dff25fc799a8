/** `key`: what becomes of keys. */
import type { Column, Verb } from '../verbs.ts'
import { again, base64OfFile, key, number, tag, tagFilter, told } from './said.ts'

const columns: readonly Column[] = [
  ['ID', 'id'],
  ['NAME', 'name'],
  ['STATE', 'state'],
  ['USAGE', 'usage'],
  ['ALGORITHM', 'algorithm'],
  ['CREATED', 'createdAt'],
]

const states = ['preActive', 'active', 'suspended', 'deactivated', 'destructionScheduled'] as const
const usages = ['encryptDecrypt', 'signVerify', 'generateVerifyMac', 'keyAgreement'] as const
const anyKey = 'alias:::orders'

const change = (word: string, says: string, done: string, action = `key-${word}`): Verb => ({
  words: `key ${word}`,
  says,
  action,
  takes: [key],
  revised: true,
  shows: told((asked) => `${done} ${asked.key}`),
  example: anyKey,
})

const description = { flags: '--description <text>', says: 'what it is for' }
const days = { flags: '--days <days>', says: 'how long it can be cancelled, 7 to 1096', read: number, mandatory: true }

const made: readonly Verb[] = [
  {
    words: 'key list',
    says: 'list the keys of the account in a region, newest first',
    action: 'key-list',
    takes: [
      { flags: '--search <text>', says: 'part of the id or the name' },
      { flags: '--state <state...>', says: `one of ${states.join(', ')}; may be said again`, member: 'states' },
      { flags: '--usage <usage...>', says: `one of ${usages.join(', ')}; may be said again`, member: 'usages' },
      { flags: '--origin <origin...>', says: 'generated or imported', member: 'origins' },
      {
        flags: '--tag <name[=value]>',
        says: 'a tag that it has; all of them, where said again',
        member: 'tags',
        read: tagFilter,
      },
      { flags: '--owner <owner>', says: 'whose', choices: ['user', 'product'] },
      { flags: '--sort <order>', says: 'which first', choices: ['newest', 'oldest'] },
    ],
    shows: { list: 'keys', columns },
    pages: true,
    example: '--state active --tag team=shop',
  },
  {
    words: 'key show',
    says: 'show a key; how each cloud shows it is in --json',
    action: 'key-show',
    takes: [key],
    shows: { record: 'key' },
    example: anyKey,
  },
  {
    words: 'key create',
    says: 'make a key',
    action: 'key-create',
    takes: [
      { flags: '<name>', says: 'name, unique in the account and region' },
      {
        flags: '--algorithm <name>',
        says: "such as aes-256, sm4, rsa-3072 or ec-p256; the region's symmetric one without it",
      },
      { flags: '--usage <usage>', says: 'what it is for', choices: usages },
      description,
      { flags: '--imported', says: 'wait for material of your own (key import-prepare)' },
      { flags: '--rotate-every <days>', says: 'make new versions by itself', read: number },
      { flags: '--tag <name=value>', says: 'a tag; may be said again', member: 'tags', read: tag },
    ],
    asks: ({ imported, rotateEvery, ...said }) => ({
      ...said,
      ...(imported ? { origin: 'imported' } : {}),
      ...(rotateEvery === undefined ? {} : { rotation: { enabled: true, periodDays: rotateEvery } }),
    }),
    shows: { line: ({ key: row }) => `made key ${(row as { id: string }).id}` },
    example: 'orders --description "orders at rest" --rotate-every 365',
  },
]

const changed: readonly Verb[] = [
  {
    words: 'key change',
    says: 'give a key another name, or describe it anew',
    action: 'key-change',
    takes: [key, { flags: '--name <name>', says: 'another name' }, description],
    revised: true,
    shows: told((asked) => `changed ${asked.key}`),
    example: `${anyKey} --name orders-2027`,
  },
  change('suspend', 'take a key out of use until it is resumed', 'suspended'),
  change('resume', 'return a suspended key to use', 'resumed'),
  change('deactivate', 'archive a key: it only opens what it sealed', 'archived'),
  change('reactivate', 'return an archived key to use', 'returned to use'),
  {
    words: 'key schedule-destruction',
    says: 'plan the destruction of a key; see key impact first',
    action: 'key-schedule-destruction',
    takes: [key, days],
    revised: true,
    shows: told((asked) => `${asked.key} will be destroyed in ${asked.days} days`),
    example: `${anyKey} --days 30`,
  },
  change('cancel-destruction', 'keep a key whose destruction was planned; it comes back suspended', 'kept'),
  {
    words: 'key tag',
    says: 'give a key tags, and those that it has other values',
    action: 'key-tag',
    takes: [key, { flags: '<tags...>', says: 'NAME=VALUE', read: tag }],
    revised: true,
    shows: told((asked) => `tagged ${asked.key}`),
    example: `${anyKey} team=shop`,
  },
  {
    words: 'key untag',
    says: 'take tags from a key',
    action: 'key-untag',
    takes: [key, { flags: '<names...>', says: 'their names', member: 'tagKeys', read: again }],
    revised: true,
    shows: told((asked) => `untagged ${asked.key}`),
    example: `${anyKey} team`,
  },
]

const versions: readonly Verb[] = [
  {
    words: 'key rotate',
    says: 'make a new version of a key, which seals from now on',
    action: 'key-rotate',
    takes: [key],
    revised: true,
    shows: { line: ({ version }, asked) => `${asked.key} seals with version ${version}` },
    example: anyKey,
  },
  {
    words: 'key rotation',
    says: 'let a key get new versions by itself, or no more',
    action: 'key-set-rotation',
    takes: [
      key,
      { flags: '--every <days>', says: '7 to 3650; 365 without it', member: 'periodDays', read: number },
      { flags: '--off', says: 'no more' },
    ],
    asks: ({ off, ...said }) => ({ ...said, enabled: !off }),
    revised: true,
    shows: told(({ key: id, enabled }) => `${id} ${enabled ? 'gets new versions by itself' : 'keeps its version'}`),
    example: `${anyKey} --every 90`,
  },
  {
    words: 'key versions',
    says: 'list the versions of a key, newest first',
    action: 'key-versions',
    takes: [key],
    shows: {
      list: 'versions',
      columns: [
        ['VERSION', 'version'],
        ['ALGORITHM', 'algorithm'],
        ['SEALS', 'primary'],
        ['MATERIAL', 'materialPresent'],
        ['CREATED', 'createdAt'],
      ],
    },
    pages: true,
    example: anyKey,
  },
  {
    words: 'key public',
    says: 'print the public half of a key, PEM',
    action: 'key-public',
    takes: [key, { flags: '--version <n>', says: 'of this version; of the one that seals without it', read: number }],
    shows: { line: ({ publicKey }) => String(publicKey).trimEnd() },
    example: 'alias:::releases',
  },
]

const ticket = { flags: '--ticket <file>', says: 'the ticket of import-prepare', read: base64OfFile, mandatory: true }
const material = {
  flags: '--wrapped <file>',
  says: 'the material, encrypted; - reads standard input',
  read: base64OfFile,
  mandatory: true,
}

const imports: readonly Verb[] = [
  {
    words: 'key import-prepare',
    says: 'hand out a wrapping key and a ticket for one import of material',
    action: 'key-import-prepare',
    takes: [
      key,
      {
        flags: '--wrapping <how>',
        says: 'how it will be encrypted',
        choices: ['oaepSha256', 'oaepSha1', 'sm2'],
        mandatory: true,
      },
    ],
    shows: { record: '' },
    example: `${anyKey} --wrapping oaepSha256 --json`,
  },
  {
    words: 'key import',
    says: 'bring the material of a key, wrapped under the ticket',
    action: 'key-import',
    takes: [key, ticket, material, { flags: '--expires-at <time>', says: 'when it ends, UTC; never without it' }],
    revised: true,
    shows: told((asked) => `imported the material of ${asked.key}`),
    example: `${anyKey} --ticket ticket.bin --wrapped material.bin`,
  },
  {
    words: 'key import-private',
    says: 'bring the private half of a key, wrapped under a key of your own that is wrapped under the ticket',
    action: 'key-import-private',
    takes: [
      key,
      ticket,
      { ...material, says: 'the wrapping key of your own, encrypted' },
      {
        flags: '--private-key <file>',
        says: 'the private key, wrapped under it; - reads standard input',
        member: 'wrappedPrivateKey',
        read: base64OfFile,
        mandatory: true,
      },
    ],
    revised: true,
    shows: told((asked) => `imported the private half of ${asked.key}`),
    example: 'alias:::releases --ticket ticket.bin --wrapped own-key.bin --private-key private.bin',
  },
  {
    words: 'key import-next',
    says: 'bring the material of the next version of a key, which waits for key rotate-imported',
    action: 'key-import-next',
    takes: [key, ticket, material],
    revised: true,
    shows: told((asked) => `the next material of ${asked.key} waits: keystead key rotate-imported`),
    example: `${anyKey} --ticket ticket.bin --wrapped material.bin`,
  },
  {
    words: 'key rotate-imported',
    says: 'let the imported material that waits seal from now on',
    action: 'key-rotate-imported',
    takes: [key],
    revised: true,
    shows: { line: ({ version }, asked) => `${asked.key} seals with version ${version}` },
    example: anyKey,
  },
  change('delete-material', 'remove the imported material of a key', 'removed the material of'),
]

export const keyVerbs: readonly Verb[] = [...made, ...changed, ...versions, ...imports]
