/** What was taken away stays away from the moment that it was answered, everything is recorded, and no secret is. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { createImported, createKey, importParameters, wrapMaterial } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { captureStderr } from '../../harness/stderr.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const Plaintext = Buffer.from('what nobody else may know').toString('base64')

interface Sent {
  readonly action: string
  readonly sentAt: number
  readonly code: string | undefined
}

/** Clients that ask without pause; `revoke` in their middle; then what they were told, by when they asked. */
const hammer = async (ask: Readonly<Record<string, Members>>, revoke: () => Promise<unknown>) => {
  const answers: Sent[] = []
  const actions = Object.keys(ask)
  let going = true
  const client = async (number: number) => {
    for (let turn = number; going; turn++) {
      const action = actions[turn % actions.length] as string
      const sentAt = performance.now()
      const { code } = await keystead.call(action, ask[action])
      answers.push({ action, sentAt, code })
    }
  }
  const clients = Promise.all(Array.from({ length: 32 }, (_, number) => client(number)))
  const whenAnswered = async (count: number) => {
    while (answers.length < count) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await whenAnswered(100)
  await revoke()
  const revokedAt = performance.now()
  await whenAnswered(answers.length + 200)
  going = false
  await clients
  return {
    before: answers.filter(({ sentAt }) => sentAt < revokedAt),
    after: answers.filter(({ sentAt }) => sentAt >= revokedAt),
  }
}

const uses = async (KeyId: string): Promise<Record<string, Members>> => {
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext })
  return {
    Encrypt: { KeyId, Plaintext },
    Decrypt: { CiphertextBlob },
    GenerateDataKey: { KeyId },
    ReEncrypt: { CiphertextBlob, DestinationEncryptionContext: '{"a":"1"}' },
  }
}

describe('no request sent after the answer succeeds, while 32 clients ask without pause', () => {
  const disabled = 'ResourceUnavailable.CmkDisabled'
  test.each<[string, (keystead: TestKeystead) => Promise<string>, string[]]>([
    ['DisableKey', createKey, []],
    ['ArchiveKey', createKey, ['Decrypt']],
    ['DeleteImportedKeyMaterial', createImported, []],
  ])('%s', async (action, create, stillAllowed) => {
    const KeyId = await create(keystead)
    const { before, after } = await hammer(await uses(KeyId), () => keystead.ok(action, { KeyId }))
    expect(before.filter(({ code }) => code === undefined).length).toBeGreaterThan(50)
    expect(after.length).toBeGreaterThan(100)
    for (const { action: used, code } of after)
      if (stillAllowed.includes(used)) expect([used, code]).toEqual([used, undefined])
      else expect([disabled, 'ResourceUnavailable.CmkArchived']).toContain(code)
    for (const { code } of before) expect([undefined, disabled, 'ResourceUnavailable.CmkArchived']).toContain(code)
  })

  test('ScheduleKeyDeletion of an archived key', async () => {
    const KeyId = await createKey(keystead)
    const { Decrypt } = await uses(KeyId)
    await keystead.ok('ArchiveKey', { KeyId })
    const revoke = () => keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const { before, after } = await hammer({ Decrypt: Decrypt ?? {} }, revoke)
    expect(before.filter(({ code }) => code === undefined).length).toBeGreaterThan(50)
    expect(new Set(after.map(({ code }) => code))).toEqual(new Set([disabled]))
  })

  test('and EnableKey gives it back', async () => {
    const KeyId = await createKey(keystead)
    const ask = await uses(KeyId)
    await keystead.ok('DisableKey', { KeyId })
    await keystead.ok('EnableKey', { KeyId })
    for (const [action, members] of Object.entries(ask)) await keystead.ok(action, members)
  })
})

test('many who change one key at once leave it in a state that the last answer named', async () => {
  const KeyId = await createKey(keystead)
  const calls = Array.from({ length: 40 }, (_, at) => keystead.call(at % 2 ? 'EnableKey' : 'DisableKey', { KeyId }))
  const codes = (await Promise.all(calls)).map(({ code }) => code)
  // Who was overtaken too often is told to try again.
  for (const code of codes) expect([undefined, 'InternalError']).toContain(code)
  await keystead.ok('DisableKey', { KeyId })
  expect((await keystead.call('Encrypt', { KeyId, Plaintext })).code).toBe('ResourceUnavailable.CmkDisabled')
})

describe('the record', () => {
  const entryOf = (request: string) => keystead.audit().filter((entry) => entry.request === request)

  test('has a success with who asked, for what, from where, before it is answered', async () => {
    const KeyId = await createKey(keystead)
    const { tencent } = keystead.credentials
    const { RequestId } = await keystead.ok('Encrypt', { KeyId, Plaintext })
    const [entry, ...others] = entryOf(RequestId)
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      action: 'Encrypt',
      dialect: 'tencent',
      account: tencent.uin,
      principal: tencent.uin,
      credential: tencent.secretId,
      source: '127.0.0.1',
      outcome: 'success',
      objects: [{ kind: 'key', id: KeyId, version: 1 }],
    })
  })

  test.each<[string, string, (KeyId: string) => [string, Members | string, object?]]>([
    ['a state', 'wrongKeyLifecycleState', (KeyId) => ['CancelKeyDeletion', { KeyId }]],
    [
      'a key that is not there',
      'objectNotFound',
      () => ['DescribeKey', { KeyId: '23e80852-1e38-11e9-b129-5cb9019b4b01' }],
    ],
    ['a malformed member', 'invalidAttributeValue', () => ['DescribeKey', { KeyId: 'nonsense' }]],
    ['a body that is no JSON', 'invalidField', () => ['DescribeKey', '{']],
    [
      'an account that is not its own',
      'foreignAccount',
      (KeyId) => ['DescribeKey', { KeyId, MemberAccount: { MemberUin: 1 } }],
    ],
  ])('has a refusal for %s with its caller', async (_why, reason, ask) => {
    const [action, members] = ask(await createKey(keystead))
    const { response, code } = await keystead.call(action, members)
    expect(code).toBeDefined()
    expect(entryOf(response.RequestId)).toMatchObject([
      { action, outcome: 'refused', reason, credential: keystead.credentials.tencent.secretId },
    ])
  })

  test('has who was not permitted, and the key', async () => {
    const principal = await addPrincipal(keystead)
    const key = await addAccessKey(keystead, { principal })
    const KeyId = await createKey(keystead)
    const { response } = await keystead.call('Encrypt', { KeyId, Plaintext }, { key })
    expect(entryOf(response.RequestId)).toMatchObject([
      { principal, credential: key.secretId, outcome: 'refused', reason: 'permissionDenied', objects: [{ id: KeyId }] },
    ])
  })

  test('has one line for each of many calls at once', async () => {
    const KeyId = await createKey(keystead)
    const made = await Promise.all(Array.from({ length: 200 }, () => keystead.ok('Encrypt', { KeyId, Plaintext })))
    const recorded = keystead.audit().map(({ request }) => request)
    for (const { RequestId } of made) expect(recorded.filter((request) => request === RequestId)).toHaveLength(1)
  })
})

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())

/** Every spelling in which bytes could have been written down. */
const spellings = (bytes: Buffer): Buffer[] => [
  bytes,
  Buffer.from(bytes.toString('base64')),
  Buffer.from(bytes.toString('base64url')),
  Buffer.from(bytes.toString('hex')),
  Buffer.from(bytes.toString('hex').toUpperCase()),
]

test('no plaintext, data key, material or secret is in any file but the one that was made to hand it out', async () => {
  const stderr = captureStderr()
  const noisy = await startKeystead({ settings: { logLevel: 'trace' } })
  try {
    const plaintext = Buffer.from('the plaintext that must not be written')
    const material = Buffer.from('material-that-must-not-be-there!')
    const [context, wrongContext] = ['a value of a context that is private', 'another private value of it']
    const KeyId = await createKey(noisy)
    const asked = { KeyId, Plaintext: plaintext.toString('base64') }
    const EncryptionContext = JSON.stringify({ name: context })
    const { CiphertextBlob } = await noisy.ok('Encrypt', { ...asked, EncryptionContext })
    await noisy.ok('Decrypt', { CiphertextBlob, EncryptionContext })
    await noisy.call('Decrypt', { CiphertextBlob, EncryptionContext: JSON.stringify({ name: wrongContext }) })
    await noisy.call('Encrypt', { ...asked, Nonsense: plaintext.toString('base64') })
    await noisy.call('Encrypt', { ...asked, KeyId: plaintext.toString('base64') })
    await noisy.call('Encrypt', `{"Plaintext":"${asked.Plaintext}"`)
    await noisy.call('Encrypt', asked, { sign: { secretKey: 'wrong' } })
    const { Plaintext: dataKey } = await noisy.ok('GenerateDataKey', { KeyId })
    const { Plaintext: random } = await noisy.ok('GenerateRandom', { NumberOfBytes: 32 })
    const imported = await createKey(noisy, { Type: 2 })
    const { ImportToken, PublicKey } = await importParameters(noisy, imported)
    const EncryptedKeyMaterial = wrapMaterial(PublicKey, material)
    await noisy.ok('ImportKeyMaterial', { KeyId: imported, ImportToken, EncryptedKeyMaterial })
    await noisy.call('ImportKeyMaterial', { KeyId: imported, ImportToken, EncryptedKeyMaterial: asked.Plaintext })
    // A defect, with everything that a log could say about it.
    const house = noisy.running.installation.house as { pairs: object }
    house.pairs = { take: () => Promise.reject(new Error('a defect')) }
    const parameters = { KeyId: imported, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }
    expect((await noisy.call('GetParametersForImport', parameters)).code).toBe('InternalError')
    await noisy.stop()

    const { tencent, huawei } = noisy.credentials
    const secrets = [plaintext, material, Buffer.from(dataKey, 'base64'), Buffer.from(random, 'base64')]
    for (const text of [context, wrongContext, tencent.secretKey, huawei.secretKey, huawei.password])
      secrets.push(Buffer.from(text))
    const log = Buffer.from(stderr.text())
    expect(log.includes('a defect')).toBe(true)
    const files = filesUnder(noisy.folder).filter((path) => !path.endsWith('credentials.json'))
    expect(files.some((path) => path.includes('audit'))).toBe(true)
    const haystacks = [['the log', log] as const, ...files.map((path) => [path, readFileSync(path)] as const)]
    for (const [where, bytes] of haystacks)
      for (const secret of secrets.flatMap(spellings))
        expect(bytes.includes(secret), `${secret.toString('latin1')} in ${where}`).toBe(false)
  } finally {
    stderr.release()
    await noisy.end()
  }
})
