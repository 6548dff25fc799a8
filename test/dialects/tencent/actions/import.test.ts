import { constants, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bringInto,
  createImported,
  createKey,
  type ImportParameters,
  importMaterial,
  importParameters,
  materialOf,
  stateOf,
  wrapMaterial,
} from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const expired = 'ResourceUnavailable.TokenExpired'
const wrongMaterial = 'InvalidParameter.DecryptMaterialError'
const external = () => createKey(keystead, { Type: 2 })
const call = async (action: string, members: Members) => (await keystead.call(action, members)).code
const importing = (
  KeyId: string,
  { ImportToken }: Pick<ImportParameters, 'ImportToken'>,
  EncryptedKeyMaterial: string,
) => call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial })
const garbage = () => randomBytes(256).fill(0, 0, 1).toString('base64')
const right = ({ PublicKey }: ImportParameters) => wrapMaterial(PublicKey, materialOf(7))

describe('the parameters for an import', () => {
  test('are an RSA-2048 key, an opaque token, and end after 24 hours', async () => {
    const KeyId = await external()
    const asked = { KeyId, WrappingAlgorithm: 'RSAES_PKCS1_V1_5', WrappingKeySpec: 'RSA_2048' }
    const before = Math.floor(keystead.clock.now() / 1000)
    const {
      PublicKey,
      ImportToken,
      ParametersValidTo,
      KeyId: named,
    } = await keystead.ok('GetParametersForImport', asked)
    expect(named).toBe(KeyId)
    const key = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' })
    expect([key.asymmetricKeyType, key.asymmetricKeyDetails?.modulusLength]).toEqual(['rsa', 2048])
    expect(ImportToken).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(ParametersValidTo - before - 86_400).toBeGreaterThanOrEqual(0)
    expect(ParametersValidTo - before - 86_400).toBeLessThan(5)
  })

  test('are others each time', async () => {
    const KeyId = await external()
    const [one, two] = [await importParameters(keystead, KeyId), await importParameters(keystead, KeyId)]
    expect(one.PublicKey).not.toBe(two.PublicKey)
    expect(one.ImportToken).not.toBe(two.ImportToken)
  })

  test('are asked with a known padding and key type', async () => {
    const KeyId = await external()
    const asked = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }
    for (const changed of [{ WrappingAlgorithm: 'RSA' }, { WrappingKeySpec: 'RSA_1024' }, { WrappingKeySpec: 'SM2' }])
      expect(await call('GetParametersForImport', { ...asked, ...changed })).toBe('InvalidParameter')
    for (const missing of Object.keys(asked))
      expect(await call('GetParametersForImport', { ...asked, [missing]: null })).toBe('MissingParameter')
  })
})

describe('an import token', () => {
  test('serves more than once', async () => {
    const KeyId = await external()
    const parameters = await importParameters(keystead, KeyId)
    for (let again = 0; again < 2; again++) {
      expect(await importing(KeyId, parameters, right(parameters))).toBeUndefined()
      await keystead.ok('DeleteImportedKeyMaterial', { KeyId })
    }
  })

  test('ends when a newer one is issued', async () => {
    const KeyId = await external()
    const older = await importParameters(keystead, KeyId)
    const newer = await importParameters(keystead, KeyId)
    expect(await importing(KeyId, older, right(older))).toBe(expired)
    expect(await importing(KeyId, older, right(newer))).toBe(expired)
    expect(await importing(KeyId, newer, right(older))).toBe(wrongMaterial)
    expect(await importing(KeyId, newer, right(newer))).toBeUndefined()
  })

  test('of another key, changed in a byte or made up is malformed', async () => {
    const [KeyId, other] = [await external(), await external()]
    const [mine, others] = [await importParameters(keystead, KeyId), await importParameters(keystead, other)]
    expect(await importing(KeyId, others, right(mine))).toBe('InvalidParameter')
    const bytes = Buffer.from(mine.ImportToken, 'base64')
    for (const at of [0, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(await importing(KeyId, { ImportToken: changed.toString('base64') }, right(mine))).toBe('InvalidParameter')
    }
    for (const ImportToken of ['AAAA', 'nonsense!', randomBytes(96).toString('base64')])
      expect(await importing(KeyId, { ImportToken }, right(mine))).toBe('InvalidParameter')
    expect(await importing(KeyId, mine, right(mine))).toBeUndefined()
  })

  test('is dead after five wrong materials, also for the right one', async () => {
    const KeyId = await external()
    const parameters = await importParameters(keystead, KeyId)
    for (let attempt = 1; attempt <= 5; attempt++)
      expect(await importing(KeyId, parameters, garbage())).toBe(wrongMaterial)
    expect(await importing(KeyId, parameters, garbage())).toBe(expired)
    expect(await importing(KeyId, parameters, right(parameters))).toBe(expired)
    const newer = await importParameters(keystead, KeyId)
    expect(await importing(KeyId, newer, right(newer))).toBeUndefined()
  })

  test('is dead after five wrong materials sent side by side: no sixth answer tells of one', async () => {
    const KeyId = await external()
    const parameters = await importParameters(keystead, KeyId)
    const answers: (string | undefined)[] = []
    for (let round = 0; round < 5; round++)
      answers.push(...(await Promise.all(Array.from({ length: 12 }, () => importing(KeyId, parameters, garbage())))))
    expect(answers.filter((answer) => answer === wrongMaterial)).toHaveLength(5)
    // Whoever was overtaken too often is told to try again, and not whether the material was right.
    for (const answer of answers) expect([wrongMaterial, expired, 'InternalError']).toContain(answer)
    expect(await importing(KeyId, parameters, right(parameters))).toBe(expired)
    expect(await stateOf(keystead, KeyId)).toBe('PendingImport')
  })

  test('ends after 24 hours', async () => {
    const KeyId = await external()
    const parameters = await importParameters(keystead, KeyId)
    keystead.clock.pass(86_400_000 - 5000)
    expect(await importing(KeyId, parameters, right(parameters))).toBeUndefined()
    keystead.clock.pass(6000)
    expect(await importing(KeyId, parameters, right(parameters))).toBe(expired)
  })
})

describe('the material', () => {
  test('has 32 bytes', async () => {
    const KeyId = await external()
    for (const length of [0, 16, 31, 33, 64]) {
      const parameters = await importParameters(keystead, KeyId)
      const wrapped = wrapMaterial(parameters.PublicKey, materialOf(7, length))
      expect([length, await importing(KeyId, parameters, wrapped)]).toEqual([length, wrongMaterial])
    }
    expect(await stateOf(keystead, KeyId)).toBe('PendingImport')
  })

  test('is wrapped by the padding that was asked for', async () => {
    for (const algorithm of ['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1']) {
      const KeyId = await external()
      const parameters = await importParameters(keystead, KeyId, algorithm)
      expect(await importing(KeyId, parameters, right(parameters))).toBe(wrongMaterial)
    }
  })

  test('ends between now and the last date that there is', async () => {
    const KeyId = await external()
    const parameters = await importParameters(keystead, KeyId)
    const now = Math.floor(keystead.clock.now() / 1000)
    const until = (ValidTo: unknown) => {
      const { ImportToken } = parameters
      return call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial: right(parameters), ValidTo })
    }
    for (const ValidTo of [1, now - 1, 2_147_443_201, -1, 1.5, 'never'])
      expect([ValidTo, await until(ValidTo)]).toEqual([ValidTo, 'InvalidParameter'])
    for (const ValidTo of [now + 60, 2_147_443_200, '0', 0])
      expect([ValidTo, await until(ValidTo)]).toEqual([ValidTo, undefined])
  })

  test('imported again is the same, and sets another end', async () => {
    const KeyId = await createImported(keystead)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    const ValidTo = Math.floor(keystead.clock.now() / 1000) + 1000
    await importMaterial(keystead, KeyId, { ValidTo })
    expect((await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.ValidTo).toBe(ValidTo)
    expect((await keystead.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe('aGVsbG8=')
    await importMaterial(keystead, KeyId)
    expect((await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.ValidTo).toBe(0)
    const parameters = await importParameters(keystead, KeyId)
    const other = wrapMaterial(parameters.PublicKey, materialOf(8))
    expect(await importing(KeyId, parameters, other)).toBe('InvalidParameterValue.MaterialNotMatch')
  })

  test('of two keys being the same does not make their blobs exchangeable', async () => {
    const [one, two] = [await createImported(keystead), await createImported(keystead)]
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: one, Plaintext: 'aGVsbG8=' })
    const bytes = Buffer.from(CiphertextBlob, 'base64')
    const [from, to] = [one, two].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex')) as [Buffer, Buffer]
    expect(bytes.includes(from)).toBe(true)
    to.copy(bytes, bytes.indexOf(from))
    expect(await call('Decrypt', { CiphertextBlob: bytes.toString('base64') })).toBe(
      'InvalidParameterValue.InvalidCiphertext',
    )
  })

  test('of a key that is disabled, archived or waits for its deletion stays as it is', async () => {
    for (const state of ['Archived', 'PendingDelete', 'Disabled'] as const) {
      const KeyId = await createImported(keystead)
      const parameters = await importParameters(keystead, KeyId)
      await bringInto(keystead, KeyId, state)
      expect(await importing(KeyId, parameters, right(parameters))).toBe('ResourceUnavailable.CmkStateNotSupport')
      expect(await importing(KeyId, parameters, garbage())).toBe('ResourceUnavailable.CmkStateNotSupport')
    }
  })
})

describe('a wrong PKCS#1 v1.5 wrap is never accepted', () => {
  const nonZero = (length: number): Buffer => randomBytes(length).map((byte) => byte || 1) as Buffer
  const block = (...parts: readonly (number | Buffer)[]): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)))
  const material = (): Buffer => randomBytes(32)
  const rightBlock = () => block(0, 2, nonZero(221), 0, material())

  /** RFC 8017, section 7.2.2, step 3: each of these is a decryption error. */
  const wrong: Readonly<Record<string, () => Buffer>> = {
    'nothing but chance': () => block(0, randomBytes(255)),
    'a first byte that is not 0': () => block(1, 2, nonZero(221), 0, material()),
    'block type 1': () => block(0, 1, nonZero(221), 0, material()),
    'block type 0': () => block(0, 0, nonZero(221), 0, material()),
    'no zero behind the padding': () => block(0, 2, nonZero(254)),
    'seven bytes of padding': () => block(0, 2, nonZero(7), 0, nonZero(213), 0, material()),
    'no padding at all': () => block(0, 2, 0, nonZero(221), material()),
    'a byte too many': () => block(0, 2, nonZero(220), 0, randomBytes(33)),
    'a byte too few': () => block(0, 2, nonZero(222), 0, randomBytes(31)),
    'nothing inside': () => block(0, 2, nonZero(253), 0),
    zeros: () => Buffer.alloc(256),
  }

  let KeyId: string
  let parameters: ImportParameters
  let key: KeyObject
  let left = 0
  const send = async (em: Buffer, fresh: boolean): Promise<string | undefined> => {
    if (fresh || left === 0) {
      parameters = await importParameters(keystead, KeyId, 'RSAES_PKCS1_V1_5')
      key = createPublicKey({ key: Buffer.from(parameters.PublicKey, 'base64'), format: 'der', type: 'spki' })
      left = 5
    }
    left -= 1
    expect(em).toHaveLength(256)
    return importing(
      KeyId,
      parameters,
      publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, em).toString('base64'),
    )
  }
  beforeAll(async () => {
    KeyId = await external()
  })

  test.each(Object.keys(wrong))('%s', async (name) => {
    const times = name === 'nothing but chance' ? 200 : 10
    for (let at = 0; at < times; at++) expect(await send(wrong[name]?.() ?? Buffer.alloc(0), false)).toBe(wrongMaterial)
    expect(await stateOf(keystead, KeyId)).toBe('PendingImport')
  })

  test('bytes that are no ciphertext of the key', async () => {
    left = 0
    await send(wrong.zeros?.() ?? Buffer.alloc(0), true)
    for (const bytes of [Buffer.alloc(255, 1), Buffer.alloc(257, 1), Buffer.alloc(256, 0xff), Buffer.of(1)])
      expect(await importing(KeyId, parameters, bytes.toString('base64'))).toBe(wrongMaterial)
  })

  test('and a right one is', async () => {
    expect(await send(rightBlock(), true)).toBeUndefined()
    expect(await stateOf(keystead, KeyId)).toBe('Enabled')
  })
})
