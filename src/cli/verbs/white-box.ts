/** `white-box`: keys that encrypt here, and tables that decrypt elsewhere. */
import type { Members } from '../reply.ts'
import type { Said, Verb } from '../verbs.ts'
import { base64OfFile, only, tag, told } from './said.ts'

const id: Said = { flags: '<key>', says: 'id of the white-box key' }
const anyId = '5b1c7f8a-3e0d-4b57-8f7e-6d2c1a0b9e34'

const turn = (word: string, says: string, done: string): Verb => ({
  words: `white-box ${word}`,
  says,
  action: `white-box-${word}`,
  takes: [id],
  revised: true,
  shows: told((asked) => `${done} ${asked.key}`),
  example: anyId,
})

const fingerprints = (text: string, before: readonly Members[] = []): readonly Members[] => {
  const [fingerprint, ...description] = text.split('=')
  return [...before, { fingerprint, ...(description.length === 0 ? {} : { description: description.join('=') }) }]
}

export const whiteBoxVerbs: readonly Verb[] = [
  {
    words: 'white-box list',
    says: 'list the white-box keys, oldest first',
    action: 'white-box-list',
    shows: {
      list: 'keys',
      columns: [
        ['ID', 'id'],
        ['NAME', 'name'],
        ['STATE', 'state'],
        ['ALGORITHM', 'algorithm'],
        ['CREATED', 'createdAt'],
      ],
    },
    pages: true,
    example: '',
  },
  {
    words: 'white-box show',
    says: 'show a white-box key',
    action: 'white-box-show',
    takes: [id],
    shows: { record: 'key' },
    example: anyId,
  },
  {
    words: 'white-box create',
    says: 'make a white-box key, which encrypts here while its tables decrypt elsewhere',
    action: 'white-box-create',
    takes: [
      { flags: '<name>', says: 'name, unique in the account and region' },
      { flags: '--algorithm <name>', says: 'which one', choices: ['aes-256', 'sm4'], mandatory: true },
      { flags: '--description <text>', says: 'what it is for' },
      { flags: '--tag <name=value>', says: 'a tag; may be said again', member: 'tags', read: tag },
    ],
    shows: { line: ({ key }) => `made white-box key ${(key as { id: string }).id}` },
    example: 'meters --algorithm sm4',
  },
  {
    words: 'white-box tables',
    says: 'print, as Base64, the tables that decrypt, for the devices that are listed now',
    action: 'white-box-tables',
    takes: [id],
    shows: only('tables'),
    example: `${anyId} | base64 -d > tables.bin`,
  },
  {
    words: 'white-box encrypt',
    says: 'print, as Base64, an initialization vector and what a white-box key made of a file',
    action: 'white-box-encrypt',
    takes: [
      id,
      { flags: '<file>', says: 'what is encrypted; - reads standard input', member: 'plaintext', read: base64OfFile },
    ],
    shows: { record: '' },
    example: `${anyId} reading.txt`,
  },
  {
    words: 'white-box devices',
    says: 'list the devices that the tables of a white-box key are for; none means every device',
    action: 'white-box-devices',
    takes: [id],
    shows: {
      list: 'devices',
      columns: [
        ['FINGERPRINT', 'fingerprint'],
        ['DESCRIPTION', 'description'],
      ],
    },
    example: anyId,
  },
  {
    words: 'white-box set-devices',
    says: 'say anew which devices the tables of a white-box key are for, as they are read from now on',
    action: 'white-box-set-devices',
    takes: [
      id,
      {
        flags: '<fingerprints...>',
        says: 'all of them, each FINGERPRINT or FINGERPRINT=DESCRIPTION',
        member: 'devices',
        read: fingerprints,
      },
    ],
    revised: true,
    shows: told(({ key }) => `said which devices the tables of ${key} are for`),
    example: `${anyId} 0f5c2a9e-6a0f-4f0c-9a43-0b7a6e7b7f10=cellar`,
  },
  {
    words: 'white-box clear-devices',
    says: 'let the tables of a white-box key be for every device, as they are read from now on',
    action: 'white-box-set-devices',
    takes: [id],
    asks: (said) => ({ ...said, devices: [] }),
    revised: true,
    shows: told(({ key }) => `the tables of ${key} are for every device`),
    example: anyId,
  },
  turn('suspend', 'let a white-box key encrypt nothing until it is resumed', 'suspended'),
  turn('resume', 'return a suspended white-box key to use', 'resumed'),
  turn('delete', 'remove a suspended white-box key and its tables at once', 'deleted'),
]
