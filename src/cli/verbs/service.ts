/** The rest: people, what they may do, and how the service is. */
import type { Column, Said, Verb } from '../verbs.ts'
import { account, number, textOfFile } from './said.ts'

const user: Said = { flags: '<user>', says: 'name or number of the user' }

const change = (word: string, says: string, disabled: boolean): Verb => ({
  words: `user ${word}`,
  says,
  action: 'user-change',
  takes: [user, account],
  asks: (said) => ({ ...said, disabled }),
  revised: true,
  shows: { line: ({ name }) => `${name} ${disabled ? 'is shut out' : 'is let in'}` },
  example: 'ann',
})

const people: readonly Verb[] = [
  {
    words: 'user show',
    says: 'show a user',
    action: 'user-show',
    takes: [user, account],
    shows: { record: '' },
    example: 'ann',
  },
  change('disable', 'shut a user out; its sessions end', true),
  change('enable', 'let a user in again', false),
  {
    words: 'user delete',
    says: 'remove a user, its access keys and its policies',
    action: 'user-delete',
    takes: [user, account],
    revised: true,
    shows: { line: ({ name }) => `deleted user ${name}` },
    example: 'ann',
  },
  {
    words: 'user end-sessions',
    says: 'end all sessions of a user',
    action: 'session-end-all',
    takes: [user, account],
    revised: true,
    shows: { line: ({ name }) => `ended the sessions of ${name}` },
    example: 'ann',
  },
]

const policies: readonly Verb[] = [
  {
    words: 'policy validate',
    says: 'tell whether a file is a policy, and where it stops being one',
    action: 'policy-validate',
    takes: [
      { flags: '<file>', says: 'the policy document', member: 'document', read: textOfFile },
      {
        flags: '--language <language>',
        says: 'its language',
        choices: ['tencent', 'huawei', 'rights'],
        mandatory: true,
      },
    ],
    shows: {
      line: ({ valid, faults }) =>
        valid
          ? 'it is a policy'
          : (faults as readonly Record<string, string>[]).map(({ path, message }) => `${path}: ${message}`).join('\n'),
    },
    example: 'orders.json --language tencent',
  },
  {
    words: 'policy simulate',
    says: 'tell whether a user might do something, and every statement that decides it',
    action: 'policy-simulate',
    takes: [
      { ...user, member: 'principal' },
      { flags: '<word>', says: 'permission word, such as kms:Encrypt or key:encrypt', member: 'action' },
      {
        flags: '--dialect <dialect>',
        says: 'whose word it is; tencent without it',
        choices: ['tencent', 'huawei', 'native'],
      },
      { flags: '--key <id>', says: 'id of a key; the account itself without it' },
      { flags: '--source <address>', says: 'source address; 127.0.0.1 without it' },
      account,
    ],
    shows: { line: ({ allowed, why }) => `${allowed ? 'allowed' : 'denied'}: ${why}` },
    example: 'ann key:encrypt --dialect native',
  },
]

const nodeColumns: readonly Column[] = [
  ['NAME', 'name'],
  ['PROGRAM', 'program'],
  ['GENERATION', 'generation'],
]

const installation: readonly Verb[] = [
  {
    words: 'limits',
    says: 'tell what the account holds in a region, and how much it may hold',
    action: 'limits',
    shows: { record: '' },
    example: '',
  },
  {
    words: 'nodes',
    says: 'list the processes that serve, where there are several',
    action: 'nodes',
    shows: { list: 'nodes', columns: nodeColumns },
    example: '',
  },
  {
    words: 'canaries',
    says: 'tell whether every key version still opens what it sealed at birth',
    action: 'canaries',
    shows: { record: '' },
    example: '',
  },
  {
    words: 'metrics',
    says: 'tell how many calls were answered lately, and how fast',
    action: 'metrics-series',
    takes: [{ flags: '--minutes <count>', says: 'how many, up to 1440', read: number, mandatory: true }],
    shows: {
      list: 'points',
      columns: [
        ['TIME', 'at'],
        ['REQUESTS', 'requests'],
        ['REFUSED', 'refused'],
        ['FAILED', 'failed'],
        ['P50 MS', 'p50Ms'],
        ['P99 MS', 'p99Ms'],
      ],
    },
    example: '--minutes 10',
  },
]

export const serviceVerbs: readonly Verb[] = [...people, ...policies, ...installation]
