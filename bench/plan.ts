/** What a run consists of: servers of different kinds, and what is asked of each. */
import { encryptAllOver, type Scenario, scenarioNamed, scenarios } from './scenarios.ts'
import type { ServerOptions } from './server.ts'

export interface Step {
  readonly scenario: Scenario
  readonly connections: number
  /** An open load of this share of what the same calls reached as fast as they were answered. */
  readonly share?: number
}

export interface Setting {
  readonly name: string
  readonly options: ServerOptions
  /** Keys that are there before anything is measured. */
  readonly keys: number
  readonly steps: readonly Step[]
  /** What Encrypt is measured beside of too. */
  readonly besides?: 'slow cryptography' | 'long lists'
}

export interface Asked {
  readonly full: boolean
  /** Part of what a row is called; empty for all. */
  readonly only: string
  /** A data folder with many keys, which is changed. */
  readonly keysData?: string
  /** The same of a node, whose keys are in a PostgreSQL database. */
  readonly keysNode?: { readonly data: string; readonly database: string }
  readonly databaseUrl?: string
  readonly connections: readonly number[]
}

export const rowName = (setting: string, { scenario, connections, share }: Step): string => {
  const load = share === undefined ? '' : ` at ${Math.round(share * 100)} %`
  return `${scenario.speech.dialect} ${scenario.name}, ${connections} conn.${load}${setting === '' ? '' : `, ${setting}`}`
}

const at = (connections: number, ...names: readonly string[]): Step[] =>
  names.map((name) => ({ scenario: scenarioNamed(name), connections }))

const encrypt = scenarioNamed('Encrypt 64 B')

/** So many share the machine's two processors with whoever asks; more would measure the waiting. */
const signingConnections = 16

const isSigning = ({ name }: Scenario): boolean => /^(?:sign|verify) /.test(name)

const everything = (connections: readonly number[]): Step[] => {
  // Keys that are made are there for all that comes after.
  const [last, first] = [scenarios.filter(({ once }) => once), scenarios.filter(({ once }) => !once)]
  return [...first, ...last].flatMap((scenario) =>
    (isSigning(scenario) ? [1, signingConnections] : connections).map((each) => ({ scenario, connections: each })),
  )
}

const shares: readonly Step[] = [
  { scenario: encrypt, connections: 64, share: 0.7 },
  { scenario: encrypt, connections: 64, share: 0.8 },
]

const short: readonly Step[] = [
  ...at(1, 'Encrypt 64 B'),
  ...at(64, 'Encrypt 64 B', 'Decrypt 64 B', 'GenerateDataKey', 'DescribeKey', 'ListKeyDetail, first page'),
  { scenario: scenarioNamed('Encrypt 64 B', 'huawei'), connections: 64 },
  ...at(signingConnections, 'sign RSA-2048 PSS', 'sign ECDSA P-256'),
  ...shares,
  ...at(64, 'CreateKey'),
]

const prices = at(64, 'Encrypt 64 B', 'Decrypt 64 B', 'DescribeKey')
const stored = [
  ...prices,
  ...at(64, 'ListKeyDetail, first page', 'ListKeyDetail, deep page', 'ListKeyDetail, search', 'CreateKey'),
]
const withManyKeys = [
  { scenario: encryptAllOver, connections: 64 },
  ...at(1, 'ListKeyDetail, first page', 'ListKeyDetail, deep page', 'ListKeyDetail, search'),
  ...stored,
]

const thousand = 1000

const manyKeys = (name: string, options: ServerOptions): Setting => ({
  name,
  options,
  keys: 0,
  steps: withManyKeys,
  besides: 'long lists',
})

const allSettings = ({ full, keysData, keysNode, databaseUrl, connections }: Asked): Setting[] => {
  const steps = full ? [...everything(connections), ...shares] : short
  const base: Setting = {
    name: '',
    options: {},
    keys: thousand,
    steps,
    ...(full ? { besides: 'slow cryptography' as const } : {}),
  }
  if (!full) return [base]
  const random = [{ scenario: encryptAllOver, connections: 64 }]
  return [
    { ...base, steps: [...random, ...steps] },
    { name: 'without audit', options: { withoutAudit: true }, keys: 0, steps: prices },
    { name: 'by a user with a policy', options: { asUser: true }, keys: 0, steps: prices },
    // Twice the connections too: as many for each process as one alone has.
    {
      name: '2 workers',
      options: { workers: 2 },
      keys: thousand,
      steps: [...stored, ...at(128, 'Encrypt 64 B', 'Decrypt 64 B')],
    },
    ...(databaseUrl === undefined
      ? []
      : [{ name: 'PostgreSQL', options: { database: databaseUrl }, keys: thousand, steps: stored }]),
    ...(keysData === undefined ? [] : [manyKeys('many keys', { data: keysData })]),
    ...(keysNode === undefined ? [] : [manyKeys('many keys, PostgreSQL', keysNode)]),
  ]
}

/** The settings, each with the rows that are asked for; those without any are left out. */
export const planned = (asked: Asked): Setting[] => {
  const isAsked = (name: string, step: Step): boolean =>
    rowName(name, step).toLowerCase().includes(asked.only.toLowerCase())
  return allSettings(asked)
    .map((setting) => ({ ...setting, steps: setting.steps.filter((step) => isAsked(setting.name, step)) }))
    .filter(({ steps }) => steps.length > 0)
}
