/**
 * Every call on a key, in every state: no cell is left out. A call that is added to the dialect is added here as a row,
 * and a call that is about no key to the list below the table; a test holds both to the calls that there are.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultProject } from '../../../src/core/place.ts'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { huaweiCall } from '../../harness/huawei.ts'
import { type HuaweiState, makeImported, makeKey, moveInto, stateOfKey } from '../../harness/huawei-keys.ts'
import { importParameters, materialOf, newAlias, wrapMaterial } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/**
 * `=`: allowed, and the key stays as it is; a state: allowed, and the key is in it then; a code: refused; `-`: no key of
 * the kind can get into the state.
 */
type Cell = '=' | HuaweiState | `KMS.${number}` | '-'

interface Row {
  readonly call: string
  readonly members?: (key_id: string) => Members | Promise<Members>
  /** The same, asked while the key is enabled. */
  readonly before?: (key_id: string) => Promise<Members>
  /** Undeclared there: the call names its keys otherwise. */
  readonly withoutKeyId?: true
  /** What create-key is told; without it, an AES_256 key of the origin below. */
  readonly made?: Members
  /** external: with imported material in every state but `5`, where it has none. */
  readonly origin?: 'kms' | 'external'
  /** Enabled, disabled, pending deletion, pending import, archived (by the other cloud). */
  readonly cells: readonly [Cell, Cell, Cell, Cell, Cell]
}

const columns: readonly HuaweiState[] = ['2', '3', '4', '5', 'archived']
/** What protects, what recovers, and what neither an archived key does. */
const used = { cells: ['=', 'KMS.0209', 'KMS.0210', 'KMS.0308', 'KMS.0209'] } as const
const recovers = { cells: ['=', 'KMS.0209', 'KMS.0210', 'KMS.0308', '='] } as const
const unimported = { cells: ['=', 'KMS.0209', 'KMS.0210', '-', 'KMS.0209'] } as const

const answer = async (call: string, members: Members): Promise<Members> =>
  (await huaweiCall(keystead, call, members)).members

const signing = { signing_algorithm: 'ECDSA_SHA_256', message: Buffer.alloc(32).toString('base64') }
const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64')
const hmacKey = { key_spec: 'HMAC_256' }
const macAsked = { mac_algorithm: 'HMAC_SHA_256', message: 'AAAA' }

const same = { cells: ['=', '=', '=', '=', '='] } as const

const rotated = async (key_id: string): Promise<Members> => {
  await answer('POST kms/enable-key-rotation', { key_id })
  return {}
}

/** What brings material to the key, by the other cloud's call for a token, which every state allows. */
const loading = async (key_id: string): Promise<Members> => {
  const { ImportToken, PublicKey } = await importParameters(keystead, key_id)
  return { import_token: ImportToken, encrypted_key_material: wrapMaterial(PublicKey, materialOf(7)) }
}

const lent = { grantee_principal: 'c0ffee'.padEnd(32, '0'), operations: ['describe-key'] }
const granted = async (key_id: string): Promise<Members> => {
  const { grant_id } = await answer('POST kms/create-grant', { ...lent, key_id })
  return { grant_id }
}

const copyAsked = (): Members => ({
  replica_region: 'cn-north-4',
  replica_project_id: defaultProject(keystead.credentials.tencent.uin, 'beijing'),
  key_alias: newAlias(),
})

const table: Readonly<Record<string, Row>> = {
  EnableKey: { call: 'POST kms/enable-key', cells: ['KMS.1201', '2', 'KMS.1201', 'KMS.1201', '2'] },
  DisableKey: { call: 'POST kms/disable-key', cells: ['3', 'KMS.1301', 'KMS.1301', 'KMS.1301', 'KMS.1301'] },
  DeleteKey: {
    call: 'POST kms/schedule-key-deletion',
    members: () => ({ pending_days: '7' }),
    cells: ['4', '4', 'KMS.1402', '4', '4'],
  },
  CancelKeyDeletion: {
    call: 'POST kms/cancel-key-deletion',
    cells: ['KMS.1501', 'KMS.1501', '3', 'KMS.1501', 'KMS.1501'],
  },
  UpdateKeyAlias: {
    call: 'POST kms/update-key-alias',
    members: () => ({ key_alias: newAlias() }),
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  UpdateKeyDescription: {
    call: 'POST kms/update-key-description',
    members: () => ({ key_description: 'described anew' }),
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  EncryptData: { call: 'POST kms/encrypt-data', members: () => ({ plain_text: 'a' }), ...used },
  DecryptData: {
    call: 'POST kms/decrypt-data',
    async before(key_id) {
      const { cipher_text } = await answer('POST kms/encrypt-data', { key_id, plain_text: 'a' })
      return { cipher_text }
    },
    ...recovers,
  },
  CreateDatakey: { call: 'POST kms/create-datakey', ...used },
  CreateDatakeyWithoutPlaintext: { call: 'POST kms/create-datakey-without-plaintext', ...used },
  EncryptDatakey: {
    call: 'POST kms/encrypt-datakey',
    members: () => ({
      plain_text: `00${createHash('sha256').update(Uint8Array.of(0)).digest('hex')}`,
      datakey_plain_length: '1',
    }),
    ...used,
  },
  DecryptDatakey: {
    call: 'POST kms/decrypt-datakey',
    async before(key_id) {
      const { cipher_text } = await answer('POST kms/create-datakey', { key_id })
      return { cipher_text, datakey_cipher_length: '32' }
    },
    ...recovers,
  },
  Sign: { call: 'POST kms/sign', made: { key_spec: 'EC_P256' }, members: () => signing, ...used },
  ValidateSignature: {
    call: 'POST kms/verify',
    made: { key_spec: 'EC_P256' },
    members: () => ({ ...signing, signature: 'AAAA' }),
    ...used,
  },
  ShowPublicKey: { call: 'POST kms/get-publickey', made: { key_spec: 'RSA_2048' }, ...used },
  CreateRsaDatakeyPair: {
    call: 'POST kms/create-rsa-datakey-pair',
    members: () => ({ key_spec: 'RSA_2048' }),
    ...used,
  },
  CreateEcDatakeyPair: { call: 'POST kms/create-ec-datakey-pair', members: () => ({ key_spec: 'SM2' }), ...used },
  ReEncrypt: {
    call: 'POST kms/re-encrypt',
    withoutKeyId: true,
    async before(key_id) {
      const { cipher_text } = await answer('POST kms/encrypt-data', { key_id, plain_text: 'a' })
      return { cipher_text, destination_key_id: await makeKey(keystead) }
    },
    ...recovers,
  },
  DeriveSharedSecret: {
    call: 'POST kms/derive-shared-secret',
    made: { key_spec: 'EC_P256', key_usage: 'KEY_AGREEMENT' },
    members: () => ({ key_agreement_algorithm: 'ECDH', public_key: peer }),
    ...used,
  },
  GenerateMac: { call: 'POST kms/generate-mac', made: hmacKey, members: () => macAsked, ...unimported },
  VerifyMac: { call: 'POST kms/verify-mac', made: hmacKey, members: () => ({ ...macAsked, mac: '00' }), ...unimported },
  EnableKeyRotation: {
    call: 'POST kms/enable-key-rotation',
    cells: ['=', 'KMS.0209', 'KMS.0210', 'KMS.0312', 'KMS.0209'],
  },
  DisableKeyRotation: {
    call: 'POST kms/disable-key-rotation',
    before: rotated,
    cells: ['=', '=', 'KMS.0210', 'KMS.0312', '='],
  },
  UpdateKeyRotationInterval: {
    call: 'POST kms/update-key-rotation-interval',
    members: () => ({ rotation_interval: 30 }),
    before: rotated,
    cells: ['=', '=', 'KMS.0210', 'KMS.0312', '='],
  },
  ShowKeyRotationStatus: { call: 'POST kms/get-key-rotation-status', ...same },
  CreateParametersForImport: {
    call: 'POST kms/get-parameters-for-import',
    origin: 'external',
    members: () => ({ wrapping_algorithm: 'RSAES_OAEP_SHA_256' }),
    cells: ['KMS.0310', 'KMS.0310', 'KMS.0210', '=', 'KMS.0310'],
  },
  ImportKeyMaterial: {
    call: 'POST kms/import-key-material',
    origin: 'external',
    members: loading,
    cells: ['KMS.0310', 'KMS.0310', 'KMS.0210', '2', 'KMS.0310'],
  },
  DeleteImportedKeyMaterial: {
    call: 'POST kms/delete-imported-key-material',
    origin: 'external',
    cells: ['5', '5', 'KMS.2701', 'KMS.2701', 'KMS.2701'],
  },
  CreateAlias: {
    call: 'POST kms/aliases',
    members: () => ({ alias: newAlias() }),
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  DeleteAlias: {
    call: 'DELETE kms/aliases',
    async before(key_id) {
      const alias = newAlias()
      await answer('POST kms/aliases', { key_id, alias })
      return { aliases: [alias] }
    },
    ...same,
  },
  CreateKmsTag: { call: 'POST kms/{key_id}/tags', members: () => ({ tag: { key: 'a' } }), ...same },
  BatchCreateKmsTags: {
    call: 'POST kms/{key_id}/tags/action',
    members: () => ({ action: 'create', tags: [{ key: 'a' }] }),
    ...same,
  },
  DeleteTag: {
    call: 'DELETE kms/{key_id}/tags/a',
    async before(key_id) {
      await answer(`POST kms/${key_id}/tags`, { tag: { key: 'a' } })
      return {}
    },
    ...same,
  },
  ShowKmsTags: { call: 'GET kms/{key_id}/tags', ...same },
  RotateOnDemand: {
    call: 'POST kms/rotate-on-demand',
    origin: 'external',
    async before(key_id) {
      const next = { key_id, import_type: 'NEW_KEY_MATERIAL' }
      const asked = { ...next, wrapping_algorithm: 'RSAES_OAEP_SHA_256' }
      const { import_token, public_key } = await answer('POST kms/get-parameters-for-import', asked)
      const encrypted_key_material = wrapMaterial(public_key, materialOf(8))
      await answer('POST kms/import-key-material', { ...next, import_token, encrypted_key_material })
      return {}
    },
    cells: ['=', 'KMS.0209', 'KMS.0210', 'KMS.0308', 'KMS.0209'],
  },
  AssociateAlias: {
    call: 'POST kms/alias/associate',
    withoutKeyId: true,
    async members(key_id) {
      const alias = newAlias()
      await answer('POST kms/aliases', { key_id: await makeKey(keystead), alias })
      return { alias, target_key_id: key_id }
    },
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  CreateGrant: { call: 'POST kms/create-grant', members: () => lent, ...used },
  CancelGrant: { call: 'POST kms/revoke-grant', before: granted, ...same },
  CancelSelfGrant: { call: 'POST kms/retire-grant', before: granted, ...same },
  ListGrants: { call: 'POST kms/list-grants', ...same },
  ReplicateKey: {
    call: 'POST /v2/{project_id}/kms/keys/{key_id}/replicate',
    members: copyAsked,
    cells: ['=', 'KMS.0209', 'KMS.0210', 'KMS.0308', 'KMS.0209'],
  },
  UpdatePrimaryRegion: {
    call: 'PUT /v2/{project_id}/kms/keys/{key_id}/update-primary-region',
    async before(key_id) {
      const { projectId } = keystead.credentials.huawei
      await answer(`POST /v2/${projectId}/kms/keys/${key_id}/replicate`, copyAsked())
      return { primary_region: 'cn-north-4' }
    },
    cells: ['=', 'KMS.0209', '-', 'KMS.0308', 'KMS.0209'],
  },
  CreateDatakeyCapsule: {
    call: 'POST kms/datakey-capsule/create',
    members: () => ({ datakey_length: '256', key_policy: '{"version":"1.0"}' }),
    ...used,
  },
  ListKeyDetail: { call: 'POST kms/describe-key', ...same },
}

/** Calls that are about no key, or about all of them. */
const stateless = [
  'CreateKey',
  'CreatePin',
  'CreateRandom',
  'ListAliases',
  'ListKeys',
  'ListKmsByTags',
  'ListKmsTags',
  'ListRetirableGrants',
  'ListSupportRegions',
  'ShowUserInstances',
  'ShowUserQuotas',
  'ShowVersion',
  'ShowVersions',
]
/** What they are about: key stores, access points, key policies; and a capsule, which its own test opens. */
const aboutOthers = /KeyStore|AccessPoint|KeyPolicy|^DecryptDatakeyCapsule$/

interface Made {
  readonly key_id: string
  readonly said: Members
}

const keyIn = async ({ made = {}, origin = 'kms', before }: Row, state: HuaweiState): Promise<Made> => {
  if (state === '5' && !before) return { key_id: await makeKey(keystead, { ...made, origin: 'external' }), said: {} }
  const external = origin === 'external' || state === '5'
  const key_id = external ? await makeImported(keystead) : await makeKey(keystead, made)
  const said = (await before?.(key_id)) ?? {}
  await moveInto(keystead, key_id, state)
  return { key_id, said }
}

const pathOf = ({ call }: Row, key_id: string): string =>
  call.replace('{key_id}', key_id).replace('{project_id}', keystead.credentials.huawei.projectId)

const check = async (row: Row, state: HuaweiState, cell: Cell): Promise<void> => {
  const { key_id, said } = await keyIn(row, state)
  const { status, code } = await huaweiCall(keystead, pathOf(row, key_id), {
    ...(row.withoutKeyId || row.call.includes('{key_id}') ? {} : { key_id }),
    ...said,
    ...(await row.members?.(key_id)),
  })
  const refused = cell.startsWith('KMS.')
  expect(code).toBe(refused ? cell : undefined)
  if (!refused) expect(status).toBeLessThan(300)
  expect(await stateOfKey(keystead, key_id)).toBe(refused || cell === '=' ? state : cell)
}

describe.each(Object.entries(table))('%s', (_name, row) => {
  test.each(columns.map((state, at) => [state, row.cells[at] as Cell] as const).filter(([, cell]) => cell !== '-'))(
    'in state %s: %s',
    (state, cell) => check(row, state, cell),
  )
})

test('every call has a row, or is about no key', () => {
  const names = actions.map(({ name }) => name).filter((name) => !aboutOthers.test(name))
  expect([...Object.keys(table), ...stateless].sort()).toEqual(names.sort())
})

test('a key that waits for its material and is to be deleted waits again when that is cancelled', async () => {
  const key_id = await makeKey(keystead, { origin: 'external' })
  await moveInto(keystead, key_id, '4')
  await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id })
  expect(await stateOfKey(keystead, key_id)).toBe('5')
})

test('an archived key whose deletion is cancelled is disabled for both clouds', async () => {
  const key_id = await makeKey(keystead)
  await moveInto(keystead, key_id, 'archived')
  await moveInto(keystead, key_id, '4')
  await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id })
  expect(await stateOfKey(keystead, key_id)).toBe('3')
})
