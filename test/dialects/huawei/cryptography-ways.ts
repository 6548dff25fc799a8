/** A request for each code that the vendor lists for a call of cryptography, by `Call code`. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'

export type Way = () => Promise<string | undefined>

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const encryption = 'ENCRYPT_DECRYPT'
const kinds = {
  aes: {},
  rsa: { key_spec: 'RSA_2048', key_usage: encryption },
  rsaSigner: { key_spec: 'RSA_2048' },
  ec: { key_spec: 'EC_P256' },
  agreement: { key_spec: 'EC_P256', key_usage: 'KEY_AGREEMENT' },
  sm2: { key_spec: 'SM2', key_usage: encryption },
  hmac: { key_spec: 'HMAC_256' },
} as const
type Kind = keyof typeof kinds

const zeros = Buffer.alloc(32)
const tail = createHash('sha256').update(zeros).digest()
const plainKey = Buffer.concat([zeros, tail]).toString('hex')
const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64')

/** What each call is asked where nothing is wrong but what a way says. */
const asked: Readonly<Record<string, readonly [call: string, members: Members]>> = {
  EncryptData: ['encrypt-data', { plain_text: 'a' }],
  DecryptData: ['decrypt-data', {}],
  CreateDatakey: ['create-datakey', {}],
  CreateDatakeyWithoutPlaintext: ['create-datakey-without-plaintext', {}],
  EncryptDatakey: ['encrypt-datakey', { plain_text: plainKey, datakey_plain_length: '32' }],
  DecryptDatakey: ['decrypt-datakey', { datakey_cipher_length: '32' }],
  CreateRsaDatakeyPair: ['create-rsa-datakey-pair', { key_spec: 'RSA_2048' }],
  CreateEcDatakeyPair: ['create-ec-datakey-pair', { key_spec: 'SM2' }],
  CreatePin: ['create-pin', {}],
  ReEncrypt: ['re-encrypt', {}],
  Sign: ['sign', { message: zeros.toString('base64'), signing_algorithm: 'ECDSA_SHA_256' }],
  ValidateSignature: [
    'verify',
    { message: zeros.toString('base64'), signing_algorithm: 'ECDSA_SHA_256', signature: 'AAAA' },
  ],
  ShowPublicKey: ['get-publickey', {}],
  DeriveSharedSecret: ['derive-shared-secret', { key_agreement_algorithm: 'ECDH', public_key: peer }],
  GenerateMac: ['generate-mac', { message: 'AAAA', mac_algorithm: 'HMAC_SHA_256' }],
  VerifyMac: ['verify-mac', { message: 'AAAA', mac_algorithm: 'HMAC_SHA_256', mac: '00' }],
}

/** Codes by the kind of key that gets them. */
const byKind: Readonly<Record<string, readonly (readonly [code: string, kind: Kind])[]>> = {
  EncryptData: [
    ['KMS.0325', 'rsa'],
    ['KMS.0335', 'rsaSigner'],
    ['KMS.0341', 'hmac'],
    ['KMS.1114', 'ec'],
  ],
  CreateDatakey: [
    ['KMS.0325', 'rsa'],
    ['KMS.0335', 'ec'],
    ['KMS.0341', 'hmac'],
  ],
  CreateDatakeyWithoutPlaintext: [
    ['KMS.0325', 'rsa'],
    ['KMS.0335', 'ec'],
    ['KMS.0341', 'hmac'],
  ],
  CreateRsaDatakeyPair: [['KMS.0325', 'rsa']],
  CreateEcDatakeyPair: [['KMS.0325', 'sm2']],
  Sign: [
    ['KMS.0331', 'aes'],
    ['KMS.0332', 'rsaSigner'],
    ['KMS.0334', 'rsa'],
    ['KMS.0341', 'hmac'],
  ],
  ValidateSignature: [
    ['KMS.0331', 'aes'],
    ['KMS.0332', 'rsaSigner'],
    ['KMS.0334', 'rsa'],
    ['KMS.0341', 'hmac'],
  ],
  ShowPublicKey: [
    ['KMS.0331', 'aes'],
    ['KMS.0341', 'hmac'],
  ],
  DeriveSharedSecret: [['KMS.0334', 'rsa']],
  GenerateMac: [['KMS.0325', 'ec']],
  VerifyMac: [['KMS.0325', 'ec']],
}

const oaep = { encryption_algorithm: 'RSAES_OAEP_SHA_256' }
const foreign = Buffer.alloc(200)

/** Codes by what is asked of a key of the kind. */
const byMembers: Readonly<Record<string, readonly (readonly [code: string, kind: Kind, members: Members])[]>> = {
  EncryptData: [
    ['KMS.0308', 'aes', { plain_text: '' }],
    ['KMS.0331', 'aes', oaep],
    ['KMS.2108', 'rsa', { plain_text: 'a'.repeat(191), ...oaep }],
  ],
  DecryptData: [
    ['KMS.0205', 'aes', { cipher_text: foreign.toString('base64'), key_id: undefined, ...oaep }],
    ['KMS.0308', 'aes', { cipher_text: '*' }],
    ['KMS.2201', 'aes', { cipher_text: foreign.toString('base64') }],
  ],
  CreateDatakey: [
    ['KMS.0208', 'aes', { encryption_context: [] }],
    ['KMS.1901', 'aes', { datakey_length: '0' }],
    ['KMS.1902', 'aes', { key_spec: 'DES' }],
    ['KMS.1903', 'aes', { datakey_length: '9' }],
  ],
  CreateDatakeyWithoutPlaintext: [
    ['KMS.0208', 'aes', { encryption_context: [] }],
    ['KMS.1901', 'aes', { datakey_length: '0' }],
    ['KMS.1902', 'aes', { key_spec: 'DES' }],
    ['KMS.1903', 'aes', { datakey_length: '9' }],
  ],
  EncryptDatakey: [
    ['KMS.0208', 'aes', { encryption_context: [] }],
    ['KMS.2101', 'aes', { plain_text: '*' }],
    ['KMS.2102', 'aes', { datakey_plain_length: '0' }],
    ['KMS.2103', 'aes', { plain_text: '00'.repeat(64) }],
    ['KMS.2104', 'aes', { datakey_plain_length: '31' }],
  ],
  DecryptDatakey: [['KMS.2201', 'aes', { cipher_text: foreign.toString('hex') }]],
  CreateRsaDatakeyPair: [
    ['KMS.0308', 'aes', { additional_authenticated_data: 'a'.repeat(128) }],
    ['KMS.1902', 'aes', { key_spec: 'SM2' }],
  ],
  CreateEcDatakeyPair: [
    ['KMS.0308', 'aes', { additional_authenticated_data: 'a'.repeat(128) }],
    ['KMS.1902', 'aes', { key_spec: 'RSA_2048' }],
  ],
  CreatePin: [
    ['KMS.0308', 'aes', { key_id: undefined }],
    ['KMS.0315', 'aes', { key_id: undefined, keystore_id: '9' }],
  ],
  Sign: [
    ['KMS.0308', 'ec', { message: '*' }],
    ['KMS.0329', 'ec', { message: 'AAAA' }],
  ],
  ValidateSignature: [
    ['KMS.0308', 'ec', { message: '*' }],
    ['KMS.0329', 'ec', { message: 'AAAA' }],
  ],
  DeriveSharedSecret: [
    ['KMS.0308', 'agreement', { public_key: 'AAAA' }],
    ['KMS.3804', 'agreement', { recipient: {} }],
  ],
  GenerateMac: [['KMS.0308', 'hmac', { message: '' }]],
  VerifyMac: [['KMS.0308', 'hmac', { message: '' }]],
}

/** Those that need what another call made first. */
const made = (keystead: TestKeystead, keyOf: (kind: Kind) => Promise<string>): Readonly<Record<string, Way>> => {
  const dataKey = async () =>
    (await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: await keyOf('aes') })).cipher_text
  const codeOf = async (call: string, members: Members) =>
    (await huaweiCall(keystead, `POST kms/${call}`, members)).code
  const reEncrypt = async (members: Members) =>
    codeOf('re-encrypt', { cipher_text: await dataKey(), destination_key_id: await keyOf('aes'), ...members })
  const decrypt = async (members: Members) => {
    const usual = { key_id: await keyOf('aes'), cipher_text: await dataKey(), datakey_cipher_length: '32' }
    return codeOf('decrypt-datakey', { ...usual, ...members })
  }
  return {
    'DecryptDatakey KMS.0208': () => decrypt({ encryption_context: [] }),
    'DecryptDatakey KMS.2202': () => decrypt({ datakey_cipher_length: '0' }),
    'DecryptDatakey KMS.2204': () => decrypt({ datakey_cipher_length: '31' }),
    'ReEncrypt KMS.0207': () => reEncrypt({ datakey_cipher_length: '32', destination_key_id: unknownId }),
    'ReEncrypt KMS.2201': () => reEncrypt({ cipher_text: foreign.toString('hex'), datakey_cipher_length: '32' }),
    'ReEncrypt KMS.2202': () => reEncrypt({}),
  }
}

export const cryptographyWays = (server: () => TestKeystead): Readonly<Record<string, Way>> => {
  const keys = new Map<Kind, Promise<string>>()
  const keyOf = (kind: Kind): Promise<string> => {
    const known = keys.get(kind) ?? makeKey(server(), kinds[kind])
    keys.set(kind, known)
    return known
  }
  const way =
    (name: string, kind: Kind, members: Members): Way =>
    async () => {
      const [call = '', usual = {}] = asked[name] ?? []
      const all = { key_id: await keyOf(kind), ...usual, ...members }
      return (await huaweiCall(server(), `POST kms/${call}`, all)).code
    }
  const ways = Object.keys(asked).flatMap((name) => [
    ...(byKind[name] ?? []).map(([code, kind]) => [`${name} ${code}`, way(name, kind, {})] as const),
    ...(byMembers[name] ?? []).map(([code, kind, members]) => [`${name} ${code}`, way(name, kind, members)] as const),
  ])
  const later = ['DecryptDatakey KMS.0208', 'DecryptDatakey KMS.2202', 'DecryptDatakey KMS.2204']
  later.push('ReEncrypt KMS.0207', 'ReEncrypt KMS.2201', 'ReEncrypt KMS.2202')
  const others = later.map((name) => [name, async () => made(server(), keyOf)[name]?.()] as const)
  return Object.fromEntries([...ways, ...others])
}

/** The calls whose every listed code is here, or among the codes that no request can get. */
export const cryptographyCalls: readonly string[] = Object.keys(asked)
