/** What is measured: calls of both dialects, as values. */
import type { Members } from '../test/harness/keystead.ts'
import type { Primitive } from './primitives.ts'
import { type Call, huawei, type Speech, type Stage, tencent } from './stage.ts'

export interface Scenario {
  readonly name: string
  readonly speech: Speech
  /** Text of every right answer. */
  readonly expect: string
  readonly primitive?: Primitive
  /** Calls that can be made only once. */
  readonly once?: boolean
  /** The calls to be sent in turn, with what they need made. */
  calls(stage: Stage): Promise<readonly Call[]>
}

const times = 64
const several = <T>(make: (at: number) => T): T[] => Array.from({ length: times }, (_, at) => make(at))
const base64 = (bytes: number, at = 1): string => Buffer.alloc(bytes, at).toString('base64')

/** What a call answers to each of several others. */
const answersTo = ({ bench }: Stage, speech: Speech, calls: readonly Call[]): Promise<Members[]> =>
  Promise.all(calls.map((call) => speech.ask(bench, call)))

const sizes = [
  [64, '64 B'],
  [4096, '4 KB'],
] as const

const encryptTencent = async (stage: Stage, bytes: number): Promise<Call[]> => {
  const KeyId = await stage.key('AES_256')
  return several((at) => ({ action: 'Encrypt', members: { KeyId, Plaintext: base64(bytes, at) } }))
}

const blobsTencent = async (stage: Stage, bytes: number): Promise<string[]> => {
  const answers = await answersTo(stage, tencent, await encryptTencent(stage, bytes))
  return answers.map(({ CiphertextBlob }) => CiphertextBlob)
}

const encryptHuawei = async (stage: Stage, bytes: number): Promise<Call[]> => {
  const key_id = await stage.key('AES_256')
  return several((at) => ({
    action: 'encrypt-data',
    members: { key_id, plain_text: String.fromCharCode(97 + (at % 26)).repeat(bytes) },
  }))
}

const blobsHuawei = async (stage: Stage, bytes: number): Promise<string[]> => {
  const answers = await answersTo(stage, huawei, await encryptHuawei(stage, bytes))
  return answers.map(({ cipher_text }) => cipher_text)
}

const symmetric: readonly Scenario[] = sizes.flatMap(([bytes, size]): Scenario[] => [
  {
    name: `Encrypt ${size}`,
    speech: tencent,
    expect: 'CiphertextBlob',
    primitive: `seal ${size}`,
    calls: (stage) => encryptTencent(stage, bytes),
  },
  {
    name: `Decrypt ${size}`,
    speech: tencent,
    expect: 'Plaintext',
    primitive: `open ${size}`,
    calls: async (stage) =>
      (await blobsTencent(stage, bytes)).map((CiphertextBlob) => ({ action: 'Decrypt', members: { CiphertextBlob } })),
  },
  {
    name: `ReEncrypt ${size}`,
    speech: tencent,
    expect: 'CiphertextBlob',
    async calls(stage) {
      const DestinationKeyId = await stage.key('AES_256', 2)
      const blobs = await blobsTencent(stage, bytes)
      return blobs.map((CiphertextBlob) => ({ action: 'ReEncrypt', members: { CiphertextBlob, DestinationKeyId } }))
    },
  },
  {
    name: `Encrypt ${size}`,
    speech: huawei,
    expect: 'cipher_text',
    primitive: `seal ${size}`,
    calls: (stage) => encryptHuawei(stage, bytes),
  },
  {
    name: `Decrypt ${size}`,
    speech: huawei,
    expect: 'plain_text',
    primitive: `open ${size}`,
    calls: async (stage) =>
      (await blobsHuawei(stage, bytes)).map((cipher_text) => ({ action: 'decrypt-data', members: { cipher_text } })),
  },
  {
    name: `ReEncrypt ${size}`,
    speech: huawei,
    expect: 'cipher_text',
    async calls(stage) {
      const destination_key_id = await stage.key('AES_256', 2)
      const blobs = await blobsHuawei(stage, bytes)
      return blobs.map((cipher_text) => ({ action: 're-encrypt', members: { cipher_text, destination_key_id } }))
    },
  },
])

const dataKeys: readonly Scenario[] = [
  {
    name: 'GenerateDataKey',
    speech: tencent,
    expect: 'Plaintext',
    calls: async (stage) => [
      { action: 'GenerateDataKey', members: { KeyId: await stage.key('AES_256'), KeySpec: 'AES_256' } },
    ],
  },
  {
    name: 'GenerateDataKey',
    speech: huawei,
    expect: 'plain_text',
    calls: async (stage) => [
      { action: 'create-datakey', members: { key_id: await stage.key('AES_256'), key_spec: 'AES_256' } },
    ],
  },
]

/** An algorithm: Huawei Cloud's names of the key and of the signature, and Tencent Cloud's, where it has one. */
const signatures = [
  ['RSA-2048 PSS', 'RSA_2048', 'RSASSA_PSS_SHA_256', 'RSA_PSS_SHA_256'],
  ['ECDSA P-256', 'EC_P256', 'ECDSA_SHA_256', 'ECC_P256_R1'],
  ['SM2', 'SM2', 'SM2DSA_SM3', 'SM2DSA'],
  ['ML-DSA-87', 'ML_DSA_87', 'ML_DSA_87', undefined],
] as const
const Message = base64(64)

/** The post-quantum keys of Tencent Cloud have calls of their own, which name no algorithm. */
const signTencent = (KeyId: string, Algorithm: string | undefined): Call =>
  Algorithm === undefined
    ? { action: 'PostQuantumCryptoSign', members: { KeyId, Message } }
    : { action: 'SignByAsymmetricKey', members: { KeyId, Algorithm, Message, MessageType: 'RAW' } }

const verifyTencent = ({ action, members }: Call, SignatureValue: string): Call => ({
  action: action === 'SignByAsymmetricKey' ? 'VerifyByAsymmetricKey' : 'PostQuantumCryptoVerify',
  members: { ...members, SignatureValue },
})

const signHuawei = (key_id: string, signing_algorithm: string): Call => ({
  action: 'sign',
  members: { key_id, signing_algorithm, message: Message, message_type: 'RAW' },
})

const signing: readonly Scenario[] = signatures.flatMap(([name, spec, byHuawei, byTencent]): Scenario[] => [
  {
    name: `sign ${name}`,
    speech: tencent,
    expect: 'Signature',
    primitive: `${name} sign`,
    calls: async (stage) => [signTencent(await stage.key(spec), byTencent)],
  },
  {
    name: `verify ${name}`,
    speech: tencent,
    expect: '"SignatureValid":true',
    primitive: `${name} verify`,
    async calls(stage) {
      const call = signTencent(await stage.key(spec), byTencent)
      return [verifyTencent(call, (await tencent.ask(stage.bench, call)).Signature)]
    },
  },
  {
    name: `sign ${name}`,
    speech: huawei,
    expect: 'signature',
    primitive: `${name} sign`,
    calls: async (stage) => [signHuawei(await stage.key(spec), byHuawei)],
  },
  {
    name: `verify ${name}`,
    speech: huawei,
    expect: '"signature_valid":"true"',
    primitive: `${name} verify`,
    async calls(stage) {
      const call = signHuawei(await stage.key(spec), byHuawei)
      const { signature } = await huawei.ask(stage.bench, call)
      return [{ action: 'verify', members: { ...call.members, signature } }]
    },
  },
])

/** Where the last tenth of a list begins. */
const deep = async (stage: Stage): Promise<number> => Math.floor((await stage.keysInAll()) * 0.9)

/** What some keys are called, and others not: the end of the name of one in the middle. */
const partOfAnAlias = async (stage: Stage): Promise<string> => {
  const Offset = Math.floor((await stage.keysInAll()) / 2)
  const { KeyMetadatas } = await stage.bench.call('ListKeyDetail', { Offset, Limit: 1 })
  return KeyMetadatas[0].Alias.slice(-3)
}

/** More than can be made in the time of a row. */
const creationsMax = 12_000

const records: readonly Scenario[] = [
  {
    name: 'DescribeKey',
    speech: tencent,
    expect: 'KeyMetadata',
    calls: async (stage) => [{ action: 'DescribeKey', members: { KeyId: await stage.key('AES_256') } }],
  },
  {
    name: 'ListKeyDetail, first page',
    speech: tencent,
    expect: 'TotalCount',
    calls: async () => [{ action: 'ListKeyDetail', members: { Offset: 0, Limit: 100 } }],
  },
  {
    name: 'ListKeyDetail, deep page',
    speech: tencent,
    expect: 'TotalCount',
    calls: async (stage) => [{ action: 'ListKeyDetail', members: { Offset: await deep(stage), Limit: 100 } }],
  },
  {
    name: 'ListKeyDetail, search',
    speech: tencent,
    expect: 'TotalCount',
    calls: async (stage) => [
      { action: 'ListKeyDetail', members: { Limit: 100, SearchKeyAlias: await partOfAnAlias(stage) } },
    ],
  },
  {
    name: 'CreateKey',
    speech: tencent,
    expect: 'KeyId',
    once: true,
    calls: async (stage) =>
      Array.from({ length: creationsMax }, () => ({ action: 'CreateKey', members: { Alias: stage.alias() } })),
  },
  {
    name: 'DescribeKey',
    speech: huawei,
    expect: 'key_info',
    calls: async (stage) => [{ action: 'describe-key', members: { key_id: await stage.key('AES_256') } }],
  },
  {
    name: 'ListKeyDetail, first page',
    speech: huawei,
    expect: 'key_details',
    calls: async () => [{ action: 'list-keys', members: { limit: '100' } }],
  },
  {
    name: 'ListKeyDetail, deep page',
    speech: huawei,
    expect: 'key_details',
    calls: async (stage) => [{ action: 'list-keys', members: { limit: '100', marker: String(await deep(stage)) } }],
  },
  {
    name: 'CreateKey',
    speech: huawei,
    expect: 'key_id',
    once: true,
    calls: async (stage) =>
      Array.from({ length: creationsMax }, () => ({ action: 'create-key', members: { key_alias: stage.alias() } })),
  },
]

/** More than a process holds of a kind in memory, where there are as many. */
const differentKeys = 40_000

/** Encrypt with another key each time, as where there is a key for each customer. */
export const encryptAllOver: Scenario = {
  name: 'Encrypt 64 B, random keys',
  speech: tencent,
  expect: 'CiphertextBlob',
  primitive: 'seal 64 B',
  async calls(stage) {
    const ids = await stage.keysAllOver(differentKeys)
    // In an order that no page has, and the same in each run: a prime step goes through all of them.
    const shuffled = ids.map((_, at) => ids[(at * 7919) % ids.length] as string)
    return shuffled.map((KeyId) => ({ action: 'Encrypt', members: { KeyId, Plaintext: base64(64) } }))
  },
}

export const scenarios: readonly Scenario[] = [...symmetric, ...dataKeys, ...signing, ...records]

/** One of them by its name, Tencent Cloud's where nothing else is said. */
export const scenarioNamed = (name: string, dialect: Speech['dialect'] = 'tencent'): Scenario => {
  const found = scenarios.find((one) => one.name === name && one.speech.dialect === dialect)
  if (!found) throw new Error(`there is no scenario ${dialect} ${name}`)
  return found
}
