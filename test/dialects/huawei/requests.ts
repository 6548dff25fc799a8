/** For every call a request that is right, with objects of its own: what tests of all calls begin from. */
import { constants, createHash, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { defaultProject } from '../../../src/core/place.ts'
import { huaweiOk } from '../../harness/huawei.ts'
import { newAlias } from '../../harness/keys.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'

export interface Request {
  /** Method, and what follows `/v1.0/{project_id}/`, or a whole path; without a query. */
  readonly call: string
  readonly members?: Members
  readonly query?: Members
}

export const createKey = async (keystead: TestKeystead, members: Members = {}): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/create-key', { key_alias: newAlias(), ...members })).key_info.key_id

export interface ImportTicket {
  readonly key_id: string
  readonly import_token: string
  /** Base64 of the DER. */
  readonly public_key: string
}

export const importTicket = async (keystead: TestKeystead, key_id: string, more: Members = {}): Promise<ImportTicket> =>
  (await huaweiOk(keystead, 'POST kms/get-parameters-for-import', {
    key_id,
    wrapping_algorithm: 'RSAES_OAEP_SHA_256',
    ...more,
  })) as ImportTicket

/** Material under the wrapping key of a ticket, Base64. */
export const wrappedFor = ({ public_key }: ImportTicket, material: Uint8Array): string => {
  const key = `-----BEGIN PUBLIC KEY-----\n${public_key}\n-----END PUBLIC KEY-----\n`
  const padding = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  return publicEncrypt(padding, material).toString('base64')
}

/** `more`: what says that it is for the version after. */
export const importMaterial = async (
  keystead: TestKeystead,
  key_id: string,
  material = Buffer.alloc(32, 7),
  more: Members = {},
): Promise<void> => {
  const ticket = await importTicket(keystead, key_id, more)
  const { import_token } = ticket
  const encrypted_key_material = wrappedFor(ticket, material)
  await huaweiOk(keystead, 'POST kms/import-key-material', { key_id, import_token, encrypted_key_material, ...more })
}

export const createExternal = (keystead: TestKeystead, members: Members = {}): Promise<string> =>
  createKey(keystead, { origin: 'external', ...members })

/** A data key with its digest behind it, in hexadecimal. */
export const withDigest = (dataKey: Buffer): string =>
  Buffer.concat([dataKey, createHash('sha256').update(dataKey).digest()]).toString('hex')

export const keySpace = 'dddddddd-2222-4333-8444-555555555555'
export const keyPolicy = JSON.stringify({
  version: '1.0',
  validity_period: { start_time: '2020-01-01T00:00:00Z', end_time: '2120-01-01T00:00:00Z' },
})
const message = Buffer.alloc(32, 1).toString('base64')

/** Where copies go. */
const elsewhere = { region: 'cn-north-4', id: 'beijing' }

/** By operation id. Whatever a request needs is made when it is asked for; `stores`: a configured root key. */
export const rightRequests = (
  keystead: TestKeystead,
  { stores }: { stores: string },
): Readonly<Record<string, () => Promise<Request>>> => {
  const { tencent, huawei } = keystead.credentials
  const post = (path: string, members: Members = {}): Request => ({ call: `POST kms/${path}`, members })
  const ofKey =
    (path: string, members: Members = {}, made: Members = {}) =>
    async () =>
      post(path, { key_id: await createKey(keystead, made), ...members })
  const ok = (path: string, members: Members) => huaweiOk(keystead, `POST kms/${path}`, members)
  const scheduled = async () => {
    const key_id = await createKey(keystead)
    await ok('schedule-key-deletion', { key_id, pending_days: '7' })
    return post('cancel-key-deletion', { key_id })
  }
  const rotating =
    (path: string, members: Members = {}) =>
    async () => {
      const key_id = await createKey(keystead)
      await ok('enable-key-rotation', { key_id })
      return post(path, { key_id, ...members })
    }
  const grant = async () => {
    const key_id = await createKey(keystead)
    const members = { key_id, grantee_principal: 'a'.repeat(32), operations: ['describe-key'], name: 'a-grant' }
    return { key_id, grant_id: (await ok('create-grant', members)).grant_id }
  }
  const keyStore = async () =>
    (await huaweiOk(keystead, 'POST keystores', { keystore_alias: newAlias(), hsm_cluster_id: stores })).keystore
      .keystore_id
  const accessPoint = async () =>
    (await ok('access-points', { keyspace_id: keySpace, access_point_name: 'p', type: 3 })).access_point_id
  const policy = async () =>
    (await ok('key-policies', { keyspace_id: keySpace, policy_name: 'p', policy: keyPolicy })).policy_id
  const tagged = async () => {
    const key_id = await createKey(keystead)
    await huaweiOk(keystead, `POST kms/${key_id}/tags`, { tag: { key: 'team', value: 'red' } })
    return key_id
  }
  const aliased = async () => {
    const key_id = await createKey(keystead)
    const alias = `alias/${newAlias()}`
    await ok('aliases', { key_id, alias })
    return { key_id, alias }
  }
  const peer = () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'der' })
  const pair = { key_spec: 'EC_P256' }
  const signing = { message, message_type: 'DIGEST', signing_algorithm: 'ECDSA_SHA_256' }
  const mac = { message, mac_algorithm: 'HMAC_SHA_256' }
  const hmac = { key_spec: 'HMAC_256' }

  return {
    CreateKey: async () => post('create-key', { key_alias: newAlias() }),
    EnableKey: async () => {
      const key_id = await createKey(keystead)
      await ok('disable-key', { key_id })
      return post('enable-key', { key_id })
    },
    DisableKey: ofKey('disable-key'),
    DeleteKey: ofKey('schedule-key-deletion', { pending_days: '7' }),
    CancelKeyDeletion: scheduled,
    UpdateKeyAlias: async () => post('update-key-alias', { key_id: await createKey(keystead), key_alias: newAlias() }),
    UpdateKeyDescription: ofKey('update-key-description', { key_description: 'words' }),
    ListKeys: async () => post('list-keys', { limit: '2', key_spec: 'ALL' }),
    ListKeyDetail: ofKey('describe-key'),
    ShowPublicKey: ofKey('get-publickey', {}, pair),
    ShowUserInstances: async () => ({ call: 'GET kms/user-instances' }),
    ShowUserQuotas: async () => ({ call: 'GET kms/user-quotas' }),
    CreateRandom: async () => post('gen-random', { random_data_length: '512' }),
    CreateDatakey: ofKey('create-datakey', { datakey_length: '512' }),
    CreateDatakeyWithoutPlaintext: ofKey('create-datakey-without-plaintext', { datakey_length: '512' }),
    EncryptDatakey: ofKey('encrypt-datakey', {
      plain_text: withDigest(Buffer.alloc(64, 3)),
      datakey_plain_length: '64',
    }),
    DecryptDatakey: async () => {
      const key_id = await createKey(keystead)
      const { cipher_text } = await ok('create-datakey', { key_id, datakey_length: '512' })
      return post('decrypt-datakey', { key_id, cipher_text, datakey_cipher_length: '64' })
    },
    CreateRsaDatakeyPair: ofKey('create-rsa-datakey-pair', { key_spec: 'RSA_2048' }),
    CreateEcDatakeyPair: ofKey('create-ec-datakey-pair', { key_spec: 'ECC_NIST_P256' }),
    CreatePin: async () => post('create-pin', { pin_type: 'PlainText' }),
    EncryptData: ofKey('encrypt-data', { plain_text: 'hello' }),
    DecryptData: async () => {
      const key_id = await createKey(keystead)
      const { cipher_text } = await ok('encrypt-data', { key_id, plain_text: 'hello' })
      return post('decrypt-data', { cipher_text })
    },
    ReEncrypt: async () => {
      const [key_id, destination_key_id] = [await createKey(keystead), await createKey(keystead)]
      const { cipher_text } = await ok('encrypt-data', { key_id, plain_text: 'hello' })
      return post('re-encrypt', { cipher_text, destination_key_id })
    },
    Sign: ofKey('sign', signing, pair),
    ValidateSignature: async () => {
      const key_id = await createKey(keystead, pair)
      const { signature } = await ok('sign', { key_id, ...signing })
      return post('verify', { key_id, ...signing, signature })
    },
    DeriveSharedSecret: ofKey(
      'derive-shared-secret',
      { key_agreement_algorithm: 'ECDH', public_key: peer().toString('base64') },
      { ...pair, key_usage: 'KEY_AGREEMENT' },
    ),
    GenerateMac: ofKey('generate-mac', mac, hmac),
    VerifyMac: async () => {
      const key_id = await createKey(keystead, hmac)
      const made = await ok('generate-mac', { key_id, ...mac })
      return post('verify-mac', { key_id, ...mac, mac: made.mac })
    },
    CreateParametersForImport: async () =>
      post('get-parameters-for-import', {
        key_id: await createExternal(keystead),
        wrapping_algorithm: 'RSAES_OAEP_SHA_256',
      }),
    ImportKeyMaterial: async () => {
      const key_id = await createExternal(keystead)
      const ticket = await importTicket(keystead, key_id)
      const { import_token } = ticket
      const encrypted_key_material = wrappedFor(ticket, Buffer.alloc(32, 9))
      return post('import-key-material', { key_id, import_token, encrypted_key_material })
    },
    DeleteImportedKeyMaterial: async () => {
      const key_id = await createExternal(keystead)
      await importMaterial(keystead, key_id)
      return post('delete-imported-key-material', { key_id })
    },
    EnableKeyRotation: ofKey('enable-key-rotation'),
    DisableKeyRotation: rotating('disable-key-rotation'),
    UpdateKeyRotationInterval: rotating('update-key-rotation-interval', { rotation_interval: 30 }),
    ShowKeyRotationStatus: ofKey('get-key-rotation-status'),
    RotateOnDemand: async () => {
      const key_id = await createExternal(keystead)
      await importMaterial(keystead, key_id)
      await importMaterial(keystead, key_id, Buffer.alloc(32, 8), { import_type: 'NEW_KEY_MATERIAL' })
      return post('rotate-on-demand', { key_id })
    },
    CreateGrant: ofKey('create-grant', { grantee_principal: 'a'.repeat(32), operations: ['encrypt-data'] }),
    CancelGrant: async () => post('revoke-grant', await grant()),
    CancelSelfGrant: async () => post('retire-grant', await grant()),
    ListGrants: async () => post('list-grants', { key_id: (await grant()).key_id }),
    ListRetirableGrants: async () => post('list-retirable-grants', { limit: '10' }),
    CreateKmsTag: async () => ({
      call: `POST kms/${await createKey(keystead)}/tags`,
      members: { tag: { key: 'team', value: 'red' } },
    }),
    BatchCreateKmsTags: async () => ({
      call: `POST kms/${await createKey(keystead)}/tags/action`,
      members: { action: 'create', tags: [{ key: 'team', value: 'red' }] },
    }),
    DeleteTag: async () => ({ call: `DELETE kms/${await tagged()}/tags/team` }),
    ShowKmsTags: async () => ({ call: `GET kms/${await tagged()}/tags` }),
    ListKmsTags: async () => ({ call: 'GET kms/tags' }),
    ListKmsByTags: async () =>
      post('resource_instances/action', {
        action: 'filter',
        limit: '10',
        offset: '0',
        tags: [{ key: 'team', values: [] }],
      }),
    CreateAlias: async () => post('aliases', { key_id: await createKey(keystead), alias: `alias/${newAlias()}` }),
    AssociateAlias: async () =>
      post('alias/associate', { alias: (await aliased()).alias, target_key_id: await createKey(keystead) }),
    DeleteAlias: async () => {
      const { key_id, alias } = await aliased()
      return { call: 'DELETE kms/aliases', members: { key_id, aliases: [alias] } }
    },
    ListAliases: async () => ({ call: 'GET kms/aliases', query: { key_id: (await aliased()).key_id } }),
    CreateKeyStore: async () => ({
      call: 'POST keystores',
      members: { keystore_alias: newAlias(), keystore_type: 'CDMS', cluster_id: stores },
    }),
    DeleteKeyStore: async () => ({ call: `DELETE keystores/${await keyStore()}` }),
    DisableKeyStore: async () => ({ call: `POST keystores/${await keyStore()}/disable` }),
    EnableKeyStore: async () => ({ call: `POST keystores/${await keyStore()}/enable` }),
    ShowKeyStore: async () => ({ call: `GET keystores/${await keyStore()}` }),
    ListKeyStores: async () => ({ call: 'GET keystores', query: { limit: 10, offset: 0 } }),
    ReplicateKey: async () => ({
      call: `POST /v2/${huawei.projectId}/kms/keys/${await createKey(keystead)}/replicate`,
      members: {
        key_alias: newAlias(),
        replica_region: elsewhere.region,
        replica_project_id: defaultProject(tencent.uin, elsewhere.id),
      },
    }),
    UpdatePrimaryRegion: async () => {
      const key_id = await createKey(keystead)
      await huaweiOk(keystead, `POST /v2/${huawei.projectId}/kms/keys/${key_id}/replicate`, {
        key_alias: newAlias(),
        replica_region: elsewhere.region,
        replica_project_id: defaultProject(tencent.uin, elsewhere.id),
      })
      return {
        call: `PUT /v2/${huawei.projectId}/kms/keys/${key_id}/update-primary-region`,
        members: { primary_region: elsewhere.region },
      }
    },
    ListSupportRegions: async () => ({ call: `GET /v2/${huawei.projectId}/kms/regions` }),
    ShowVersions: async () => ({ call: 'GET /' }),
    ShowVersion: async () => ({ call: 'GET /v1.0' }),
    CreateAccessPoint: async () => post('access-points', { keyspace_id: keySpace, access_point_name: 'p', type: 3 }),
    ListAccessPoint: async () => ({ call: 'GET kms/access-points', query: { keyspace_id: keySpace } }),
    EnableAccessPoint: async () => ({ call: `POST kms/access-points/${await accessPoint()}/enable` }),
    DisableAccessPoint: async () => ({ call: `POST kms/access-points/${await accessPoint()}/disable` }),
    DeleteAccessPoint: async () => ({ call: `DELETE kms/access-points/${await accessPoint()}` }),
    DownloadAccessPointPrivateKey: async () => ({
      call: `POST kms/access-points/${await accessPoint()}/get-privatekey`,
    }),
    CreateKeyPolicy: async () => post('key-policies', { keyspace_id: keySpace, policy_name: 'p', policy: keyPolicy }),
    ListKeyPolicy: async () => ({ call: 'GET kms/key-policies', query: { keyspace_id: keySpace } }),
    ShowKeyPolicy: async () => ({ call: `GET kms/key-policies/${await policy()}` }),
    UpdateKeyPolicy: async () => ({ call: `PUT kms/key-policies/${await policy()}`, members: { policy: keyPolicy } }),
    DeleteKeyPolicy: async () => ({ call: `DELETE kms/key-policies/${await policy()}` }),
    CreateDatakeyCapsule: ofKey('datakey-capsule/create', { datakey_length: '256', key_policy: keyPolicy }),
    DecryptDatakeyCapsule: async () => {
      const key_id = await createKey(keystead)
      const made = await ok('datakey-capsule/create', { key_id, datakey_length: '256', key_policy: keyPolicy })
      const expire_time = '2030-01-01T00:00:00Z'
      const attestation_document = { custom_signature: 'AAAA', custom_public_key: 'AAAA', expire_time }
      return post('datakey-capsule/decrypt', { key_id, datakey_capsule: made.datakey_capsule, attestation_document })
    },
  }
}
