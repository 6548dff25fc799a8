/** A request for each code that the vendor lists for a call that manages keys, by `Call code`. */
import { createCipheriv, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { vendorActions as documented } from '../../../src/dialects/huawei/vendor.ts'
import { change, type NewAccount } from '../../harness/access.ts'
import { type HuaweiAnswered, type HuaweiCallOptions, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import {
  createExternal,
  createKey,
  importMaterial,
  importTicket,
  type Request,
  rightRequests,
  wrappedFor,
} from './requests.ts'

export interface Bench {
  readonly keystead: TestKeystead
  /** A server whose quota of keys is reached. */
  readonly full: TestKeystead
  /** Another account on the first server. */
  readonly other: NewAccount
  /** A caller without any permission. */
  readonly nobody: HuaweiCallOptions
  readonly right: ReturnType<typeof rightRequests>
}

/** The name of the configured root key of key stores. */
export const stores = 'second'

let bench: Bench
/** Says what the requests are sent to; before any of them is. */
export const useBench = (made: Bench): void => {
  bench = made
}

export const send = (
  { call, members, query }: Request,
  options?: HuaweiCallOptions,
  server: TestKeystead = bench.keystead,
): Promise<HuaweiAnswered> => {
  const search = query ? `?${new URLSearchParams(query)}` : ''
  return huaweiCall(server, call + search, members, options)
}
export const rightOf = async (name: string): Promise<Request> => {
  const made = await bench.right[name]?.()
  if (!made) throw new Error(`no request of ${name}`)
  return made
}
/** A right request, but for these members; null takes one away. */
const but = async (name: string, changed: Members): Promise<string | undefined> => {
  const made = await rightOf(name)
  return (await send({ ...made, members: { ...made.members, ...changed } })).code
}
const code = async (call: string, members?: Members) => (await huaweiCall(bench.keystead, call, members)).code
const ok = (path: string, members: Members) => huaweiOk(bench.keystead, `POST kms/${path}`, members)

const rsa = { key_spec: 'RSA_2048' }
const rsaToEncrypt = { ...rsa, key_usage: 'ENCRYPT_DECRYPT' }
const ec = { key_spec: 'EC_P256' }
/** The call on a key of another kind. */
const on =
  (name: string, made: Members, changed: Members = {}) =>
  async () =>
    but(name, { key_id: await createKey(bench.keystead, made), ...changed })

/** A key in a state that it cannot be used in. */
const unusable: Readonly<Record<string, (key_id: string) => Promise<unknown>>> = {
  'KMS.0209': (key_id) => ok('disable-key', { key_id }),
  'KMS.0210': (key_id) => ok('schedule-key-deletion', { key_id, pending_days: '7' }),
}

/** Which member names the key that the states are about, and whether it is in the path. */
const keyIn = (name: string, { call, members = {} }: Request): string => {
  if (name === 'AssociateAlias') return members.target_key_id
  if (name === 'ReEncrypt') return members.destination_key_id
  return members.key_id ?? /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(call)?.[0]
}

/** The key of a ciphertext is not named in a call that decrypts: its ciphertext is. */
const inState = (name: string, state: string) => async () => {
  if (name === 'DecryptData') {
    const key_id = await createKey(bench.keystead)
    const { cipher_text } = await ok('encrypt-data', { key_id, plain_text: 'x' })
    await unusable[state]?.(key_id)
    return code('POST kms/decrypt-data', { cipher_text })
  }
  const made = await rightOf(name)
  await unusable[state]?.(keyIn(name, made))
  return (await send(made)).code
}

/** A key that a product owns. */
const productKey = async (key_id: string): Promise<void> => {
  const row = await bench.keystead.running.installation.house.coherence.view()
  const key = await row.get('key', key_id)
  if (!key) throw new Error('no such key')
  await change(bench.keystead, { put: { ...key, owner: 'cbs' }, over: key })
}
const ofProduct = (name: string) => async () => {
  const made = await rightOf(name)
  await productKey(keyIn(name, made))
  return (await send(made)).code
}

const externalKey = async () => {
  const key_id = await createExternal(bench.keystead)
  await importMaterial(bench.keystead, key_id)
  return key_id
}
const tooLong = 'x'.repeat(256)

/** An import of these bytes, into a new external key. */
const importing = async (material: Buffer, more: Members = {}, made: Members = {}) => {
  const key_id = await createExternal(bench.keystead, made)
  const ticket = await importTicket(bench.keystead, key_id)
  const { import_token } = ticket
  return code('POST kms/import-key-material', {
    key_id,
    import_token,
    encrypted_key_material: wrappedFor(ticket, material),
    ...more,
  })
}

/** Imports a P-256 pair: a temporary key under the wrapping key, and the private key under that (RFC 5649). */
const importPair = async (key_id: string): Promise<void> => {
  const ticket = await importTicket(bench.keystead, key_id)
  const temporary = Buffer.alloc(32, 5)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const wrap = createCipheriv('id-aes256-wrap-pad', temporary, Buffer.from('a65959a6', 'hex'))
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  await ok('import-key-material', {
    key_id,
    import_token: ticket.import_token,
    encrypted_key_material: wrappedFor(ticket, temporary),
    encrypted_privatekey: Buffer.concat([wrap.update(der), wrap.final()]).toString('base64'),
  })
}

const tagWay = (name: string, tag: Members) => () =>
  name === 'CreateKmsTag'
    ? but(name, { tag: { key: 'k', value: 'v', ...tag } })
    : but(name, { tags: [{ key: 'k', value: 'v', ...tag }] })

const manyTags = (count: number) => Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: '' }))

const tooManyTags = (name: string) => async () => {
  const made = await rightOf(name)
  const key_id = keyIn(name, made)
  for (let round = 0; round < 5; round++)
    await huaweiCall(bench.keystead, `POST kms/${key_id}/tags/action`, {
      action: 'create',
      tags: manyTags(20).map(({ key }) => ({ key: `${round}${key}`, value: '' })),
    })
  return (await send(made)).code
}

const each = (list: readonly string[], listed: string, way: (name: string) => () => Promise<string | undefined>) =>
  Object.fromEntries(list.map((name) => [`${name} ${listed}`, way(name)]))

const stating = (listed: string) => documented.filter(({ errors }) => errors.includes(listed)).map(({ name }) => name)
const withId = (id: string) => documented.filter(({ path }) => path.includes(id)).map(({ name }) => name)
const malformedId = (name: string) => async () => {
  const { call, ...rest } = await rightOf(name)
  return (await send({ call: call.replace(/[0-9a-f-]{36}(?=$|\/)/, 'no-id'), ...rest })).code
}

/** A request that gets the code, by `Call code`. */
export const managementWays: Readonly<Record<string, () => Promise<string | undefined>>> = {
  ...each(stating('KMS.0211'), 'KMS.0211', ofProduct),
  ...each(stating('KMS.0209'), 'KMS.0209', (name) => inState(name, 'KMS.0209')),
  ...each(stating('KMS.0210'), 'KMS.0210', (name) => inState(name, 'KMS.0210')),
  ...each(stating('KMS.1601'), 'KMS.1601', (name) => () => but(name, { limit: 'x' })),
  ...each(stating('KMS.1602'), 'KMS.1602', (name) => () => but(name, { marker: '-1' })),
  ...each(['CreateDatakey', 'CreateDatakeyWithoutPlaintext', 'EncryptDatakey', 'DecryptDatakey'], 'KMS.0308', (name) =>
    on(name, { origin: 'external' }),
  ),
  'ShowPublicKey KMS.0308': on('ShowPublicKey', { ...ec, origin: 'external' }),
  'DeleteKey KMS.0308': async () => {
    const { call } = await rightOf('UpdatePrimaryRegion') // Its key has a copy elsewhere, and is the primary one.
    return but('DeleteKey', { key_id: keyIn('', { call }) })
  },
  ...each([...withId('{access_point_id}'), ...withId('{policy_id}')], 'KMS.0308', malformedId),
  ...each(['CreateKey', 'UpdateKeyAlias'], 'KMS.1101', (name) => () => but(name, { key_alias: 'csms/default' })),
  ...each(['CreateKey', 'UpdateKeyDescription'], 'KMS.1103', (name) => () => but(name, { key_description: tooLong })),
  ...each(['CreateKey', 'UpdateKeyAlias'], 'KMS.1104', (name) => async () => {
    const key_alias = newAlias()
    await createKey(bench.keystead, { key_alias })
    return but(name, { key_alias })
  }),
  'CreateKey KMS.1105': async () =>
    (await huaweiCall(bench.full, 'POST kms/create-key', { key_alias: newAlias() })).code,
  'CreateKey KMS.1110': () => but('CreateKey', { key_spec: 'DES' }),
  'CreateKey KMS.1114': () => but('CreateKey', { ...ec, key_usage: 'ENCRYPT_DECRYPT' }),
  'CreateKey KMS.1115': () => but('CreateKey', { key_spec: 'AES_256', key_usage: 'SIGN_VERIFY' }),
  'CreateKey KMS.0339': async () => {
    const { keystore } = await huaweiOk(bench.keystead, 'POST keystores', {
      keystore_alias: newAlias(),
      cluster_id: stores,
    })
    return but('CreateKey', { keystore_id: keystore.keystore_id, origin: 'external' })
  },
  'CreateKey KMS.8003': () => but('CreateKey', { keystore_id: '0d0466b0-e727-4d9c-b35d-f84bb474a37f' }),
  'EnableKey KMS.1201': on('EnableKey', {}),
  'DisableKey KMS.1301': async () => {
    const made = await rightOf('DisableKey')
    await send(made)
    return (await send(made)).code
  },
  'DeleteKey KMS.1401': () => but('DeleteKey', { pending_days: '6' }),
  'DeleteKey KMS.1402': async () => {
    const made = await rightOf('DeleteKey')
    await send(made)
    return (await send(made)).code
  },
  'CancelKeyDeletion KMS.1501': on('CancelKeyDeletion', {}),
  'CreateRandom KMS.1801': () => but('CreateRandom', { random_data_length: '8200' }),
  'CreateRandom KMS.1802': () => but('CreateRandom', { random_data_length: '9' }),
  ...each(
    ['CreateParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial', 'RotateOnDemand'],
    'KMS.0309',
    (name) => on(name, {}),
  ),
  'CreateParametersForImport KMS.0310': async () => {
    const key_id = await externalKey()
    await ok('disable-key', { key_id })
    return but('CreateParametersForImport', { key_id })
  },
  'CreateParametersForImport KMS.0308': () => but('CreateParametersForImport', { wrapping_algorithm: 'NONE' }),
  'ImportKeyMaterial KMS.0310': async () => {
    const made = await rightOf('ImportKeyMaterial')
    await send(made)
    await ok('disable-key', { key_id: made.members?.key_id })
    return (await send(made)).code
  },
  'ImportKeyMaterial KMS.0311': () =>
    but('ImportKeyMaterial', { encrypted_key_material: Buffer.alloc(256, 1).toString('base64') }),
  'ImportKeyMaterial KMS.2601': async () => {
    const made = await rightOf('ImportKeyMaterial')
    bench.keystead.clock.pass(25 * 3_600_000)
    return (await send(made)).code
  },
  'ImportKeyMaterial KMS.2602': () => but('ImportKeyMaterial', { expiration_time: 1_000_000_000 }),
  'ImportKeyMaterial KMS.2603': async () => {
    const ticket = await importTicket(bench.keystead, await createExternal(bench.keystead))
    return but('ImportKeyMaterial', { import_token: ticket.import_token })
  },
  'ImportKeyMaterial KMS.2604': () => importing(Buffer.alloc(16)),
  'ImportKeyMaterial KMS.2605': () => but('ImportKeyMaterial', { import_token: 'A'.repeat(400) }),
  'ImportKeyMaterial KMS.2606': async () => {
    const key_id = await externalKey()
    await ok('delete-imported-key-material', { key_id })
    const ticket = await importTicket(bench.keystead, key_id)
    const { import_token } = ticket
    const encrypted_key_material = wrappedFor(ticket, Buffer.alloc(32, 1))
    return code('POST kms/import-key-material', { key_id, import_token, encrypted_key_material })
  },
  'ImportKeyMaterial KMS.2608': () => importing(Buffer.alloc(32), {}, rsa),
  'ImportKeyMaterial KMS.2609': () =>
    importing(Buffer.alloc(32), { encrypted_privatekey: Buffer.alloc(48).toString('base64') }, rsa),
  'ImportKeyMaterial KMS.2610': () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const der = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).export({
      type: 'pkcs8',
      format: 'der',
    })
    return importing(Buffer.alloc(24), { encrypted_privatekey: der.toString('base64') }, ec)
  },
  'DeleteImportedKeyMaterial KMS.2701': async () =>
    but('DeleteImportedKeyMaterial', { key_id: await createExternal(bench.keystead) }),
  'DeleteImportedKeyMaterial KMS.2702': async () => {
    const key_id = await createExternal(bench.keystead, ec)
    await importPair(key_id)
    return but('DeleteImportedKeyMaterial', { key_id })
  },
  ...each(
    ['EnableKeyRotation', 'DisableKeyRotation', 'UpdateKeyRotationInterval'],
    'KMS.0312',
    (name) => async () => but(name, { key_id: await externalKey() }),
  ),
  'EnableKeyRotation KMS.0324': on('EnableKeyRotation', rsaToEncrypt),
  'EnableKeyRotation KMS.0338': async () => {
    const { keystore } = await huaweiOk(bench.keystead, 'POST keystores', {
      keystore_alias: newAlias(),
      cluster_id: stores,
    })
    return but('EnableKeyRotation', { key_id: await createKey(bench.keystead, { keystore_id: keystore.keystore_id }) })
  },
  'EnableKeyRotation KMS.2901': async () => {
    const made = await rightOf('EnableKeyRotation')
    await send(made)
    return (await send(made)).code
  },
  ...each(['DisableKeyRotation', 'UpdateKeyRotationInterval'], 'KMS.0313', (name) => on(name, {})),
  'UpdateKeyRotationInterval KMS.3001': () => but('UpdateKeyRotationInterval', { rotation_interval: 29 }),
  'ShowKeyRotationStatus KMS.0324': on('ShowKeyRotationStatus', rsa),
  'RotateOnDemand KMS.0308': async () => but('RotateOnDemand', { key_id: await externalKey() }),
  'CreateGrant KMS.2401': () => but('CreateGrant', { operations: ['create-grant'] }),
  'CreateGrant KMS.2402': () => but('CreateGrant', { grantee_principal: 'no user' }),
  'CreateGrant KMS.2404': async () => {
    const made = await rightOf('CreateGrant')
    for (let count = 0; count < 100; count++) await send(made)
    return (await send(made)).code
  },
  ...each(['CancelGrant', 'CancelSelfGrant'], 'KMS.2501', (name) => () => but(name, { grant_id: 'f'.repeat(64) })),
  ...each(['CancelGrant', 'CancelSelfGrant'], 'KMS.2502', (name) => on(name, {})),
  'CancelGrant KMS.0306': async () => {
    const { huawei } = bench.other
    const key_id = await createKey(bench.keystead)
    const lent = { key_id, grantee_principal: huawei.userId, operations: ['describe-key'] }
    const { grant_id } = await ok('create-grant', lent)
    const options = { key: huawei, project: huawei.projectId }
    return (await huaweiCall(bench.keystead, 'POST kms/revoke-grant', { key_id, grant_id }, options)).code
  },
  'CancelSelfGrant KMS.0307': async () => (await send(await rightOf('CancelSelfGrant'), bench.nobody)).code,
  ...each(['CreateKmsTag', 'BatchCreateKmsTags'], 'KMS.0405', (name) => tagWay(name, { value: '<' })),
  ...each(['CreateKmsTag', 'BatchCreateKmsTags'], 'KMS.0406', (name) => tagWay(name, { key: 'a=b' })),
  ...each(['CreateKmsTag', 'BatchCreateKmsTags'], 'KMS.0409', tooManyTags),
  ...each(['CreateKmsTag', 'BatchCreateKmsTags'], 'KMS.0410', (name) => tagWay(name, { value: tooLong })),
  ...each(['CreateKmsTag', 'BatchCreateKmsTags'], 'KMS.0411', (name) => tagWay(name, { key: tooLong })),
  'BatchCreateKmsTags KMS.0401': () => but('BatchCreateKmsTags', { tags: [] }),
  'BatchCreateKmsTags KMS.0404': () => but('BatchCreateKmsTags', { action: 'merge' }),
  'BatchCreateKmsTags KMS.0407': () => but('BatchCreateKmsTags', { tags: manyTags(21) }),
  'BatchCreateKmsTags KMS.0412': () => but('BatchCreateKmsTags', { tags: [...manyTags(1), ...manyTags(1)] }),
  'DeleteTag KMS.0416': async () => code(`DELETE kms/${await createKey(bench.keystead)}/tags/none`),
  'ListKmsByTags KMS.0402': () => but('ListKmsByTags', { matches: [{ key: 'resource_name', value: tooLong }] }),
  'ListKmsByTags KMS.0403': () => but('ListKmsByTags', { matches: [{ key: 'colour', value: 'red' }] }),
  'ListKmsByTags KMS.0404': () => but('ListKmsByTags', { action: 'find' }),
  'ListKmsByTags KMS.0408': () => code('POST kms/resources/action', { action: 'filter' }),
  'ListKmsByTags KMS.0413': () => but('ListKmsByTags', { tags: [{ key: 'k', values: Array(1000).fill('v') }] }),
  'ListKmsByTags KMS.0414': () => but('ListKmsByTags', { tags: 'red' }),
  'ListKmsByTags KMS.0415': () => but('ListKmsByTags', { matches: 'red' }),
  'ListKmsByTags KMS.0417': () => but('ListKmsByTags', { offset: '-1' }),
  'ListKmsByTags KMS.0418': () => but('ListKmsByTags', { action: 'count', offset: '0' }),
  'CreateAlias KMS.1101': () => but('CreateAlias', { alias: 'a b' }),
  'CreateAlias KMS.1104': async () => {
    const made = await rightOf('CreateAlias')
    await send(made)
    return (await send(made)).code
  },
  'CreateAlias KMS.1105': async () => {
    const key_id = await createKey(bench.keystead)
    for (let count = 0; count < 50; count++) await ok('aliases', { key_id, alias: `alias/${newAlias()}` })
    return but('CreateAlias', { key_id })
  },
  'AssociateAlias KMS.0207': () => but('AssociateAlias', { alias: 'alias/none' }),
  'DeleteAlias KMS.0207': () => but('DeleteAlias', { aliases: ['alias/none'] }),
  'CreateKeyStore KMS.0308': () => but('CreateKeyStore', { keystore_type: 'DEFAULT' }),
  'CreateKeyStore KMS.0318': async () => {
    const made = await rightOf('CreateKeyStore')
    await send(made)
    return (await send(made)).code
  },
  'CreateKeyStore KMS.0340': () => but('CreateKeyStore', { cluster_id: 'elsewhere' }),
  ...each(['DeleteKeyStore', 'DisableKeyStore', 'EnableKeyStore', 'ShowKeyStore'], 'KMS.8003', malformedId),
  'ReplicateKey KMS.0106': async () => {
    const made = await rightOf('UpdatePrimaryRegion')
    await send(made)
    const { members } = await rightOf('ReplicateKey')
    return (
      await send({
        call: made.call.replace(/^PUT(.*)update-primary-region$/, 'POST$1replicate'),
        ...(members ? { members } : {}),
      })
    ).code
  },
  'ReplicateKey KMS.1104': async () => {
    const one = await rightOf('ReplicateKey')
    await send(one)
    return but('ReplicateKey', { key_alias: one.members?.key_alias })
  },
  'ReplicateKey KMS.1105': async () => {
    const server = await startKeystead({ settings: { quotaKeys: 1 } })
    try {
      const requests = rightRequests(server, { stores })
      const one = await requests.ReplicateKey?.()
      if (!one) throw new Error('no request')
      const project = one.members?.replica_project_id
      await huaweiOk(server, 'POST kms/create-key', { key_alias: newAlias() }, { project })
      return (await send(one, {}, server)).code
    } finally {
      await server.end()
    }
  },
  'UpdatePrimaryRegion KMS.0308': () => but('UpdatePrimaryRegion', { primary_region: 'mars-1' }),
  'ShowVersion KMS.0201': () => code('GET /v9.9'),
  'CreateAccessPoint KMS.0308': () => but('CreateAccessPoint', { type: 4 }),
  ...each(['ListAccessPoint', 'ListKeyPolicy'], 'KMS.0308', (name) => async () => {
    const { call } = await rightOf(name)
    return (await send({ call, query: { keyspace_id: 'x' } })).code
  }),
  'CreateKeyPolicy KMS.0308': () => but('CreateKeyPolicy', { policy: '{' }),
  'CreateDatakeyCapsule KMS.0308': () => but('CreateDatakeyCapsule', { key_policy: '{' }),
  'DecryptDatakeyCapsule KMS.0308': () => but('DecryptDatakeyCapsule', { attestation_document: { proof: 'x' } }),
  'DecryptDatakeyCapsule KMS.3804': () => but('DecryptDatakeyCapsule', {}),
}
