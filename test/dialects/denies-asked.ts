/**
 * A right request of every action that reaches a right which an action of the other cloud reaches too, by the action's
 * name, or its name and the right where what is asked decides which right it needs.
 */
import { createHash } from 'node:crypto'
import { encryptionSchemes } from '../../src/crypto/encryption.ts'
import { vendorActions } from '../../src/dialects/huawei/vendor.ts'
import { type HuaweiCallOptions, huaweiCall, huaweiOk } from '../harness/huawei.ts'
import { makeKey } from '../harness/huawei-keys.ts'
import { createKey, importParameters, materialOf, newAlias, wrapMaterial } from '../harness/keys.ts'
import type { AccessKey, CallOptions, Members, TestKeystead } from '../harness/keystead.ts'
import { enabledSubject, members as tencentMembers } from './tencent/subjects.ts'

interface Asked {
  readonly members: Members
  /** In the place of the route that the vendor lists. */
  readonly call?: string
}

type Ask = (keystead: TestKeystead) => Promise<Asked>

const plain = Buffer.from('hello').toString('base64')

const aboutKey =
  (rest: Members = {}, made: Members = {}): Ask =>
  async (keystead) => ({ members: { key_id: await makeKey(keystead, made), ...rest } })

const nothing =
  (members: Members = {}): Ask =>
  async () => ({ members })

/** A ciphertext for the public half of a key. */
const encryptedTo =
  (made: Members, scheme: keyof typeof encryptionSchemes, encryption_algorithm: string): Ask =>
  async (keystead) => {
    const key_id = await makeKey(keystead, { ...made, key_usage: 'ENCRYPT_DECRYPT' })
    const { public_key } = await huaweiOk(keystead, 'POST kms/get-publickey', { key_id })
    const der = Buffer.from(public_key.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const bytes = encryptionSchemes[scheme].encrypt(der, Buffer.from('hello')) ?? new Uint8Array()
    return { members: { key_id, cipher_text: Buffer.from(bytes).toString('base64'), encryption_algorithm } }
  }

const signing = (key_spec: string, signing_algorithm: string, rest: Members = {}): Ask =>
  aboutKey({ signing_algorithm, message: plain, ...rest }, { key_spec, key_usage: 'SIGN_VERIFY' })

const sealedData: Ask = async (keystead) => {
  const key_id = await makeKey(keystead)
  const { cipher_text } = await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id, plain_text: 'a' })
  return { members: { cipher_text } }
}

const imported: Ask = async (keystead) => {
  const key_id = await makeKey(keystead, { origin: 'external' })
  const { ImportToken, PublicKey } = await importParameters(keystead, key_id)
  const encrypted_key_material = wrapMaterial(PublicKey, materialOf(7))
  return { members: { key_id, import_token: ImportToken, encrypted_key_material } }
}

const role = (duration: Members = {}): Members => {
  const assume_role = { domain_name: 'keystead', agency_name: 'asked', ...duration }
  return { auth: { identity: { methods: ['assume_role'], assume_role } } }
}

const huaweiAsked: Readonly<Record<string, Ask>> = {
  'BatchCreateKmsTags tag': aboutKey({ action: 'create', tags: [{ key: 'a' }] }),
  'BatchCreateKmsTags untag': aboutKey({ action: 'delete', tags: [{ key: 'a' }] }),
  CreateKey: nothing({ key_alias: 'never-made' }),
  CreateKmsTag: aboutKey({ tag: { key: 'a' } }),
  CreateParametersForImport: aboutKey({ wrapping_algorithm: 'RSAES_OAEP_SHA_256' }, { origin: 'external' }),
  CreatePin: nothing({ pin_type: 'PlainText' }),
  CreateRandom: nothing({ random_data_length: '512' }),
  'DecryptData decrypt': sealedData,
  'DecryptData decryptRsa': encryptedTo({ key_spec: 'RSA_2048' }, 'rsaOaepSha256', 'RSAES_OAEP_SHA_256'),
  'DecryptData decryptSm2': encryptedTo({ key_spec: 'SM2' }, 'sm2Der', 'SM2_ENCRYPT'),
  async DecryptDatakey(keystead) {
    const key_id = await makeKey(keystead)
    const { cipher_text } = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id })
    return { members: { key_id, cipher_text, datakey_cipher_length: '32' } }
  },
  DeleteKey: aboutKey({ pending_days: '7' }),
  async 'EnableKey reactivate'(keystead) {
    const KeyId = await createKey(keystead)
    await keystead.ok('ArchiveKey', { KeyId })
    return { members: { key_id: KeyId } }
  },
  EncryptData: aboutKey({ plain_text: 'a' }),
  EncryptDatakey: aboutKey({
    plain_text: `00${createHash('sha256').update(Uint8Array.of(0)).digest('hex')}`,
    datakey_plain_length: '1',
  }),
  ImportKeyMaterial: imported,
  ListKeys: nothing(),
  ListKmsByTags: nothing(),
  ListKmsTags: nothing(),
  ListSupportRegions: nothing(),
  async ReEncrypt(keystead) {
    const { members } = await sealedData(keystead)
    return { members: { ...members, destination_key_id: await makeKey(keystead) } }
  },
  async ReplicateKey(keystead) {
    const { projects } = await huaweiOk(keystead, 'GET /v3/projects?name=cn-east-3')
    const to = { replica_region: 'cn-east-3', replica_project_id: projects[0].id, key_alias: newAlias() }
    return { members: { key_id: await makeKey(keystead), ...to } }
  },
  ShowPublicKey: aboutKey({}, { key_spec: 'RSA_2048' }),
  ShowUserInstances: nothing(),
  ShowUserQuotas: nothing(),
  'Sign sign': signing('EC_P256', 'ECDSA_SHA_256'),
  'Sign signPostQuantum': signing('ML_DSA_87', 'ML_DSA_87'),
  UpdateKeyAlias: aboutKey({ key_alias: 'never-called-so' }),
  UpdateKeyDescription: aboutKey({ key_description: 'never said' }),
  UpdateKeyRotationInterval: aboutKey({ rotation_interval: 30 }),
  'ValidateSignature verify': signing('EC_P256', 'ECDSA_SHA_256', { signature: 'AAAA' }),
  'ValidateSignature verifyPostQuantum': signing('ML_DSA_87', 'ML_DSA_87', { signature: 'AAAA' }),
  CreateTemporaryAccessKey: async () => ({
    call: 'POST /v3.0/OS-CREDENTIAL/securitytokens',
    members: role({ duration_seconds: 900 }),
  }),
  KeystoneCreateAgencyToken: async () => ({ call: 'POST /v3/auth/tokens', members: role() }),
}

const routeOf = (name: string, project: string, { key_id, ...members }: Members): Required<Asked> => {
  const row = vendorActions.find((one) => one.name === name)
  if (!row) throw new Error(`no route of ${name}`)
  const values: Members = { project_id: project, key_id, key: 'a' }
  const path = row.path.replace(/\{(\w+)\}/g, (_whole, named: string) => String(values[named] ?? 'resource_instances'))
  const inPath = row.path.includes('{key_id}')
  return { call: `${row.method} ${path}`, members: inPath || key_id === undefined ? members : { key_id, ...members } }
}

/** Asks an action of this cloud, and gives `denied` where it is refused for want of permission, and else what came. */
export const askHuawei = async (
  keystead: TestKeystead,
  name: string,
  right: string,
  key: NonNullable<HuaweiCallOptions['key']>,
): Promise<string> => {
  const { projectId: project } = keystead.credentials.huawei
  const asked = await (huaweiAsked[`${name} ${right}`] ?? huaweiAsked[name] ?? aboutKey())(keystead)
  const { call, members } = asked.call ? { ...asked, call: asked.call } : routeOf(name, project, asked.members)
  const isRead = call.startsWith('GET ')
  const answered = await huaweiCall(keystead, call, isRead ? undefined : members, { key })
  const isIdentity = call.includes('/v3')
  const denied = isIdentity ? answered.status === 403 : answered.code === 'KMS.0307'
  return denied ? 'denied' : `${answered.status} ${answered.code ?? ''}`
}

interface TencentAsked {
  readonly members: Members
  readonly options?: CallOptions
}

type AskTencent = (keystead: TestKeystead) => Promise<TencentAsked>

const tagged =
  (say: (name: string, id: string) => Members): AskTencent =>
  async (keystead) => {
    const id = await createKey(keystead)
    const { uin } = keystead.credentials.tencent
    const members = say(`qcs::kms:ap-guangzhou:uin/${uin}:key/creatorUin/${uin}/${id}`, id)
    return { members, options: { service: 'tag' } }
  }

const ofKms = { ServiceType: 'kms', ResourcePrefix: 'key', ResourceRegion: 'ap-guangzhou' }

const tencentAsked: Readonly<Record<string, AskTencent>> = {
  TagResources: tagged((name) => ({ ResourceList: [name], Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  UnTagResources: tagged((name) => ({ ResourceList: [name], TagKeys: ['a'] })),
  ModifyResourceTags: tagged((Resource) => ({ Resource, ReplaceTags: [{ TagKey: 'a', TagValue: 'b' }] })),
  GetResources: tagged(() => ({})),
  DescribeResourceTags: tagged((_name, ResourceId) => ({ ...ofKms, ResourceId })),
  DescribeResourceTagsByResourceIds: tagged((_name, id) => ({ ...ofKms, ResourceIds: [id] })),
  async AssumeRole(keystead) {
    const { uin } = keystead.credentials.tencent
    const RoleArn = `qcs::cam::uin/${uin}:roleName/asked`
    return { members: { RoleArn, RoleSessionName: 'tests' }, options: { service: 'sts' } }
  },
}

const ofKey = async (keystead: TestKeystead, name: string): Promise<TencentAsked> => ({
  members: await tencentMembers(keystead, name, await enabledSubject(keystead, name)),
})

const aboutImport = new Set(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'])

const ofExternalKey = async (keystead: TestKeystead, name: string): Promise<TencentAsked> => {
  const KeyId = await createKey(keystead, { Type: 2 })
  return { members: await tencentMembers(keystead, name, { KeyId, CiphertextBlob: '' }) }
}

const tencentDenied: ReadonlySet<string | undefined> = new Set([
  'UnauthorizedOperation',
  'AuthFailure.UnauthorizedOperation',
])

/** As `askHuawei`. */
export const askTencent = async (keystead: TestKeystead, name: string, key: AccessKey): Promise<string> => {
  const ask = tencentAsked[name] ?? ((there) => (aboutImport.has(name) ? ofExternalKey : ofKey)(there, name))
  const { members, options = {} } = await ask(keystead)
  const { code } = await keystead.call(name, members, { ...options, key })
  return tencentDenied.has(code) ? 'denied' : (code ?? 'ok')
}
