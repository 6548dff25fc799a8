/** A request for each code that the vendor lists for a call that manages keys, by `Call code`. */
import { generateKeyPairSync } from 'node:crypto'
import { wrapPadded } from '../../crypto/key-wrap.ts'
import { type HuaweiAnswered, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeDefaultKey, makeImported, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { materialOf, newAlias, wrapMaterial } from '../../harness/keys.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'
import type { Way } from './cryptography-ways.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const long = 'x'.repeat(256)

type Server = () => TestKeystead
type Key = (server: TestKeystead) => Promise<string>

const aes: Key = (server) => makeKey(server)
const rsa: Key = (server) => makeKey(server, { key_spec: 'RSA_2048' })
const waiting: Key = (server) => makeKey(server, { origin: 'external' })
const imported: Key = makeImported
const product: Key = makeDefaultKey
const none: Key = async () => unknownId
const scheduled: Key = async (server) => {
  const key_id = await aes(server)
  await moveInto(server, key_id, '4')
  return key_id
}
const rotated: Key = async (server) => {
  const key_id = await aes(server)
  await huaweiOk(server, 'POST kms/enable-key-rotation', { key_id })
  return key_id
}
const asymmetric: Key = (server) => makeKey(server, { key_spec: 'EC_P256', origin: 'external' })
const privateKey: Key = async (server) => {
  const key_id = await asymmetric(server)
  const bytes = materialOf(1)
  const der = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' })
  const encrypted_privatekey = wrapPadded('aes', bytes, der).toString('base64')
  await loaded(server, key_id, { bytes, encrypted_privatekey })
  return key_id
}
const named: Key = async (server) => {
  const key_id = await aes(server)
  await huaweiOk(server, 'POST kms/aliases', { key_id, alias: 'taken' }).catch(() => {})
  return key_id
}
const full: Key = async (server) => {
  const key_id = await aes(server)
  const tags = Array.from({ length: 20 }, (_, at) => ({ key: `t${at}` }))
  await huaweiOk(server, `POST kms/${key_id}/tags/action`, { action: 'create', tags })
  return key_id
}

const parameters = async (server: TestKeystead, key_id: string): Promise<Members> =>
  huaweiOk(server, 'POST kms/get-parameters-for-import', { key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' })

/** A whole import, but for what `over` says of it. */
const loaded = async (server: TestKeystead, key_id: string, over: Members = {}): Promise<HuaweiAnswered> => {
  const { import_token, public_key } = await parameters(server, key_id)
  const { bytes = materialOf(1), later = 0, ...members } = over
  const encrypted_key_material = wrapMaterial(public_key, bytes)
  server.clock.pass(later)
  return huaweiCall(server, 'POST kms/import-key-material', {
    key_id,
    import_token,
    encrypted_key_material,
    ...members,
  })
}

type Row = readonly [name: string, call: string, key: Key, members?: Members]

const rotation = { rotation_interval: 30 }
const tag = (key: string, value = ''): Members => ({ tag: { key, value } })
const batch = (tags: readonly Members[], action = 'create'): Members => ({ action, tags })

/** `{key}` in a path stands for the key's id, which is then no member. */
const rows: readonly Row[] = [
  ['EnableKey KMS.0211', 'POST kms/enable-key', product],
  ['EnableKey KMS.1201', 'POST kms/enable-key', aes],
  ['DisableKey KMS.0211', 'POST kms/disable-key', product],
  ['DisableKey KMS.1301', 'POST kms/disable-key', scheduled],
  ['DeleteKey KMS.0211', 'POST kms/schedule-key-deletion', product, { pending_days: '7' }],
  ['DeleteKey KMS.1401', 'POST kms/schedule-key-deletion', aes, { pending_days: '6' }],
  ['DeleteKey KMS.1402', 'POST kms/schedule-key-deletion', scheduled, { pending_days: '7' }],
  ['UpdateKeyAlias KMS.0211', 'POST kms/update-key-alias', product, { key_alias: 'a' }],
  ['UpdateKeyAlias KMS.1101', 'POST kms/update-key-alias', aes, { key_alias: long }],
  ['UpdateKeyDescription KMS.0211', 'POST kms/update-key-description', product, { key_description: '' }],
  ['UpdateKeyDescription KMS.1103', 'POST kms/update-key-description', aes, { key_description: long }],
  ['EnableKeyRotation KMS.0211', 'POST kms/enable-key-rotation', product],
  ['EnableKeyRotation KMS.0312', 'POST kms/enable-key-rotation', imported],
  ['EnableKeyRotation KMS.0324', 'POST kms/enable-key-rotation', rsa],
  ['EnableKeyRotation KMS.2901', 'POST kms/enable-key-rotation', rotated],
  ['DisableKeyRotation KMS.0211', 'POST kms/disable-key-rotation', product],
  ['DisableKeyRotation KMS.0312', 'POST kms/disable-key-rotation', imported],
  ['DisableKeyRotation KMS.0313', 'POST kms/disable-key-rotation', aes],
  ['UpdateKeyRotationInterval KMS.0211', 'POST kms/update-key-rotation-interval', product, rotation],
  ['UpdateKeyRotationInterval KMS.0313', 'POST kms/update-key-rotation-interval', aes, rotation],
  ['UpdateKeyRotationInterval KMS.3001', 'POST kms/update-key-rotation-interval', rotated, { rotation_interval: 29 }],
  ['ShowKeyRotationStatus KMS.0324', 'POST kms/get-key-rotation-status', rsa],
  ['RotateOnDemand KMS.0308', 'POST kms/rotate-on-demand', imported],
  ['RotateOnDemand KMS.0309', 'POST kms/rotate-on-demand', aes],
  ['CreateParametersForImport KMS.0308', 'POST kms/get-parameters-for-import', waiting, { wrapping_algorithm: 'x' }],
  ...(
    [
      ['CreateParametersForImport KMS.0309', aes],
      ['CreateParametersForImport KMS.0310', imported],
    ] as const
  ).map(([name, key]): Row => {
    return [name, 'POST kms/get-parameters-for-import', key, { wrapping_algorithm: 'RSAES_OAEP_SHA_256' }]
  }),
  ['DeleteImportedKeyMaterial KMS.0309', 'POST kms/delete-imported-key-material', aes],
  ['DeleteImportedKeyMaterial KMS.2701', 'POST kms/delete-imported-key-material', waiting],
  ['DeleteImportedKeyMaterial KMS.2702', 'POST kms/delete-imported-key-material', privateKey],
  ['CreateKmsTag KMS.0211', 'POST kms/{key}/tags', product, tag('a')],
  ['CreateKmsTag KMS.0405', 'POST kms/{key}/tags', aes, tag('a', '*')],
  ['CreateKmsTag KMS.0406', 'POST kms/{key}/tags', aes, tag('')],
  ['CreateKmsTag KMS.0409', 'POST kms/{key}/tags', full, tag('a')],
  ['CreateKmsTag KMS.0410', 'POST kms/{key}/tags', aes, tag('a', long)],
  ['CreateKmsTag KMS.0411', 'POST kms/{key}/tags', aes, tag(long)],
  ['BatchCreateKmsTags KMS.0211', 'POST kms/{key}/tags/action', product, batch([{ key: 'a' }])],
  ['BatchCreateKmsTags KMS.0401', 'POST kms/{key}/tags/action', aes, batch([])],
  ['BatchCreateKmsTags KMS.0404', 'POST kms/{key}/tags/action', aes, batch([{ key: 'a' }], 'x')],
  ['BatchCreateKmsTags KMS.0405', 'POST kms/{key}/tags/action', aes, batch([{ key: 'a', value: '*' }])],
  ['BatchCreateKmsTags KMS.0406', 'POST kms/{key}/tags/action', aes, batch([{ key: '*' }])],
  [
    'BatchCreateKmsTags KMS.0407',
    'POST kms/{key}/tags/action',
    aes,
    batch(Array.from({ length: 21 }, (_, at) => ({ key: `t${at}` }))),
  ],
  ['BatchCreateKmsTags KMS.0409', 'POST kms/{key}/tags/action', full, batch([{ key: 'a' }])],
  ['BatchCreateKmsTags KMS.0410', 'POST kms/{key}/tags/action', aes, batch([{ key: 'a', value: long }])],
  ['BatchCreateKmsTags KMS.0411', 'POST kms/{key}/tags/action', aes, batch([{ key: long }])],
  ['BatchCreateKmsTags KMS.0412', 'POST kms/{key}/tags/action', aes, batch([{ key: 'a' }, { key: 'a' }])],
  ['DeleteTag KMS.0211', 'DELETE kms/{key}/tags/a', product],
  ['DeleteTag KMS.0416', 'DELETE kms/{key}/tags/a', aes],
  ['CreateAlias KMS.0211', 'POST kms/aliases', product, { alias: 'a' }],
  ['CreateAlias KMS.1101', 'POST kms/aliases', aes, { alias: '*' }],
  ['CreateAlias KMS.1104', 'POST kms/aliases', named, { alias: 'taken' }],
  ['DeleteAlias KMS.0207', 'DELETE kms/aliases', aes, { aliases: ['nowhere'] }],
]

/** Calls that name no key, or name it otherwise. */
const plain: readonly (readonly [name: string, call: string, members: Members])[] = [
  ['CreateKey KMS.1101', 'POST kms/create-key', { key_alias: 'x/default' }],
  ['CreateKey KMS.1103', 'POST kms/create-key', { key_alias: 'x', key_description: long }],
  ['CreateKey KMS.1110', 'POST kms/create-key', { key_alias: 'x', key_spec: 'DES' }],
  ['CreateKey KMS.1114', 'POST kms/create-key', { key_alias: 'x', key_spec: 'EC_P256', key_usage: 'ENCRYPT_DECRYPT' }],
  ['CreateKey KMS.1115', 'POST kms/create-key', { key_alias: 'x', key_usage: 'SIGN_VERIFY' }],
  ['CreateKey KMS.8003', 'POST kms/create-key', { key_alias: 'x', keystore_id: unknownId }],
  ['ListKeys KMS.1601', 'POST kms/list-keys', { limit: '0' }],
  ['ListKeys KMS.1602', 'POST kms/list-keys', { marker: '-1' }],
  ['CreateRandom KMS.1801', 'POST kms/gen-random', { random_data_length: '8200' }],
  ['CreateRandom KMS.1802', 'POST kms/gen-random', { random_data_length: '9' }],
  [
    'ListKmsByTags KMS.0402',
    'POST kms/resource_instances/action',
    { matches: [{ key: 'resource_name', value: long }] },
  ],
  ['ListKmsByTags KMS.0403', 'POST kms/resource_instances/action', { matches: [{ key: 'x' }] }],
  ['ListKmsByTags KMS.0404', 'POST kms/resource_instances/action', { action: 'x' }],
  ['ListKmsByTags KMS.0408', 'POST kms/resources/action', {}],
  [
    'ListKmsByTags KMS.0413',
    'POST kms/resource_instances/action',
    { tags: [{ key: 'a', values: Array.from({ length: 11 }, String) }] },
  ],
  ['ListKmsByTags KMS.0414', 'POST kms/resource_instances/action', { tags: 'x' }],
  ['ListKmsByTags KMS.0415', 'POST kms/resource_instances/action', { matches: 'x' }],
  ['ListKmsByTags KMS.0417', 'POST kms/resource_instances/action', { offset: '-1' }],
  ['ListKmsByTags KMS.0418', 'POST kms/resource_instances/action', { action: 'count', offset: '0' }],
]

const imports: Readonly<Record<string, (server: TestKeystead) => Promise<HuaweiAnswered>>> = {
  'KMS.0309': async (server) => {
    const { import_token } = await parameters(server, await waiting(server))
    const asked = { key_id: await aes(server), import_token, encrypted_key_material: 'AAAA' }
    return huaweiCall(server, 'POST kms/import-key-material', asked)
  },
  'KMS.0310': async (server) => {
    const key_id = await waiting(server)
    const { import_token } = await parameters(server, key_id)
    await loaded(server, key_id)
    const asked = { key_id, import_token, encrypted_key_material: 'AAAA' }
    return huaweiCall(server, 'POST kms/import-key-material', asked)
  },
  'KMS.0311': async (server) => loaded(server, await waiting(server), { encrypted_key_material: 'AAAA' }),
  'KMS.2601': async (server) => loaded(server, await waiting(server), { later: 86_400_001 }),
  'KMS.2602': async (server) => loaded(server, await waiting(server), { expiration_time: 1 }),
  'KMS.2603': async (server) => loaded(server, await waiting(server), { key_id: await waiting(server) }),
  'KMS.2604': async (server) => loaded(server, await waiting(server), { bytes: materialOf(1, 31) }),
  'KMS.2605': async (server) => loaded(server, await waiting(server), { import_token: 'AAAA' }),
  'KMS.2606': async (server) => {
    const key_id = await imported(server)
    await moveInto(server, key_id, '5')
    return loaded(server, key_id)
  },
  'KMS.2608': async (server) => loaded(server, await asymmetric(server)),
  'KMS.2609': async (server) => loaded(server, await asymmetric(server), { encrypted_privatekey: 'AAAA' }),
  'KMS.2610': async (server) => {
    const bytes = materialOf(1, 24)
    return loaded(server, await asymmetric(server), { bytes, encrypted_privatekey: 'AAAA' })
  },
}

/** Several calls. */
const others: Readonly<Record<string, (server: TestKeystead) => Promise<HuaweiAnswered>>> = {
  'CreateKey KMS.1104': async (server) => {
    const key_alias = newAlias()
    await makeKey(server, { key_alias })
    return huaweiCall(server, 'POST kms/create-key', { key_alias })
  },
  'UpdateKeyAlias KMS.1104': async (server) => {
    const key_alias = newAlias()
    await makeKey(server, { key_alias })
    return huaweiCall(server, 'POST kms/update-key-alias', { key_id: await aes(server), key_alias })
  },
  'CreateAlias KMS.1105': async (server) => {
    const key_id = await aes(server)
    for (let count = 0; count < 50; count++) await huaweiOk(server, 'POST kms/aliases', { key_id, alias: newAlias() })
    return huaweiCall(server, 'POST kms/aliases', { key_id, alias: newAlias() })
  },
  'AssociateAlias KMS.0207': async (server) =>
    huaweiCall(server, 'POST kms/alias/associate', { alias: 'nowhere', target_key_id: await none(server) }),
  'AssociateAlias KMS.0211': async (server) => {
    const alias = newAlias()
    await huaweiOk(server, 'POST kms/aliases', { key_id: await aes(server), alias })
    return huaweiCall(server, 'POST kms/alias/associate', { alias, target_key_id: await product(server) })
  },
}

/** Codes that take another installation, or a key store of its own: each is a test elsewhere. */
export const shownElsewhere = ['CreateKey KMS.1105', 'CreateKey KMS.0339', 'EnableKeyRotation KMS.0338']

export const keyWays = (server: Server): Readonly<Record<string, Way>> => {
  const ofKey = rows.map(([name, call, key, members = {}]): [string, Way] => {
    const ask = async () => {
      const key_id = await key(server())
      const inPath = call.includes('{key}')
      const all = inPath ? members : { key_id, ...members }
      const sent = call.startsWith('DELETE') && inPath ? undefined : all
      return (await huaweiCall(server(), call.replace('{key}', key_id), sent)).code
    }
    return [name, ask]
  })
  const asPlain = plain.map(([name, call, members]): [string, Way] => [
    name,
    async () => (await huaweiCall(server(), call, members)).code,
  ])
  const whole = Object.entries(imports).map(([code, ask]) => [`ImportKeyMaterial ${code}`, ask] as const)
  const several = [...whole, ...Object.entries(others)].map(([name, ask]): [string, Way] => [
    name,
    async () => (await ask(server())).code,
  ])
  return Object.fromEntries([...ofKey, ...asPlain, ...several])
}

/** Groups of which every call's listed codes are here, shown elsewhere, or cannot be reached. */
export const keyGroups = ['lifecycle', 'query', 'quota', 'random', 'import', 'rotation', 'tag', 'alias']
