/**
 * A seal key wrapped by an AES key that stays in a token (PKCS #11 v2.40): `C_Encrypt` with CKM_AES_GCM, which SoftHSM and
 * the usual HSMs have. A session lasts for one call; the PIN is read from its file for it.
 */
import { randomBytes } from 'node:crypto'
import { type Custodian, configured, type Members, optionalPackage, privateText, textIn } from './custodian.ts'
import type { Parameters } from './format.ts'

/** What is used of the package `pkcs11js`. */
interface Library {
  load(path: string): void
  close(): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(present: boolean): readonly Buffer[]
  C_GetTokenInfo(slot: Buffer): { label: string }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_CloseSession(session: Buffer): void
  C_Login(session: Buffer, user: number, pin: string): void
  C_FindObjectsInit(session: Buffer, template: readonly { type: number; value: unknown }[]): void
  C_FindObjects(session: Buffer, count: number): readonly Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_EncryptInit(session: Buffer, mechanism: object, key: Buffer): void
  C_Encrypt(session: Buffer, input: Buffer, output: Buffer): Buffer
  C_DecryptInit(session: Buffer, mechanism: object, key: Buffer): void
  C_Decrypt(session: Buffer, input: Buffer, output: Buffer): Buffer
}
interface Package extends Readonly<Record<string, unknown>> {
  readonly PKCS11: new () => Library
  readonly CKF_SERIAL_SESSION: number
  readonly CKU_USER: number
  readonly CKA_CLASS: number
  readonly CKA_LABEL: number
  readonly CKA_KEY_TYPE: number
  readonly CKO_SECRET_KEY: number
  readonly CKK_AES: number
  readonly CKM_AES_GCM: number
  readonly CK_PARAMS_AES_GCM: number
}

/** In the token: the session, and the AES key in it. */
interface Inside {
  readonly package: Package
  readonly library: Library
  readonly session: Buffer
  readonly key: Buffer
}

const ivBytes = 12
const tagBytes = 16
const sealKeyBytes = 32
const additionalData = Buffer.from('keystead seal key')

const gcm = ({ CKM_AES_GCM, CK_PARAMS_AES_GCM }: Package, iv: Buffer) => ({
  mechanism: CKM_AES_GCM,
  parameter: { type: CK_PARAMS_AES_GCM, iv, ivBits: iv.length * 8, aad: additionalData, tagBits: tagBytes * 8 },
})

const slotOf = (library: Library, token: string): Buffer => {
  const slot = library.C_GetSlotList(true).find((one) => library.C_GetTokenInfo(one).label.trimEnd() === token)
  if (!slot) throw new Error(`there is no token ${token}`)
  return slot
}

/** One AES key of this label: where there are two, nobody knows which one wrapped. */
const keyOf = (p11: Package, library: Library, session: Buffer, label: string): Buffer => {
  library.C_FindObjectsInit(session, [
    { type: p11.CKA_CLASS, value: p11.CKO_SECRET_KEY },
    { type: p11.CKA_KEY_TYPE, value: p11.CKK_AES },
    { type: p11.CKA_LABEL, value: label },
  ])
  const found = library.C_FindObjects(session, 2)
  library.C_FindObjectsFinal(session)
  const [key] = found
  if (!key || found.length > 1) throw new Error(`the token has ${found.length} AES keys of the label ${label}, not one`)
  return key
}

const inSession = <T>(
  p11: Package,
  library: Library,
  { path, members }: { path: string; members: Members },
  work: (inside: Inside) => T,
): T => {
  const session = library.C_OpenSession(slotOf(library, textIn(path, members, 'token')), p11.CKF_SERIAL_SESSION)
  try {
    library.C_Login(session, p11.CKU_USER, privateText(textIn(path, members, 'pinFile')).trimEnd())
    const key = keyOf(p11, library, session, textIn(path, members, 'key'))
    return work({ package: p11, library, session, key })
  } finally {
    // Closing the only session logs out, too.
    library.C_CloseSession(session)
  }
}

const inToken = <T>(configPath: string | undefined, work: (inside: Inside) => T): T => {
  const config = configured(configPath, 'pkcs11')
  const p11 = optionalPackage<Package>('pkcs11js')
  const library = new p11.PKCS11()
  library.load(textIn(config.path, config.members, 'library'))
  try {
    library.C_Initialize()
    try {
      return inSession(p11, library, config, work)
    } finally {
      library.C_Finalize()
    }
  } finally {
    library.close()
  }
}

const wrapIn = (inside: Inside, sealKey: Buffer): Parameters => {
  const { library, session, key } = inside
  const iv = randomBytes(ivBytes)
  library.C_EncryptInit(session, gcm(inside.package, iv), key)
  const wrapped = library.C_Encrypt(session, sealKey, Buffer.alloc(sealKey.length + tagBytes))
  return { iv: iv.toString('hex'), wrapped: wrapped.toString('hex') }
}

const unwrapIn = (inside: Inside, { iv = '', wrapped = '' }: Parameters): Buffer => {
  const { library, session, key } = inside
  library.C_DecryptInit(session, gcm(inside.package, Buffer.from(iv, 'hex')), key)
  return library.C_Decrypt(session, Buffer.from(wrapped, 'hex'), Buffer.alloc(sealKeyBytes + tagBytes))
}

export const pkcs11Custodian = (configPath: string | undefined): Custodian => ({
  wrap: async (sealKey) => inToken(configPath, (inside) => wrapIn(inside, sealKey)),
  unwrap: async (parameters) => inToken(configPath, (inside) => unwrapIn(inside, parameters)),
})
