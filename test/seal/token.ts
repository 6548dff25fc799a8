/**
 * A SoftHSM token with an AES key. It needs Debian's `softhsm2` and the package `pkcs11js`, which is compiled and nothing
 * else needs; `.ci/run` shows how to get both. NODE_PATH leads to the package, as it does for an operator's own copy.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const library = '/usr/lib/softhsm/libsofthsm2.so'
const require = createRequire(import.meta.url)

const isInstalled = (name: string): boolean => {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

/** What is missing to run such tests, or undefined. */
export const missing = (): string | undefined => {
  if (!existsSync(library)) return 'Debian package softhsm2'
  return isInstalled('pkcs11js') ? undefined : 'package pkcs11js on NODE_PATH'
}

/** A token in this folder with an AES key; SoftHSM reads where it is from the environment. Gives the seal configuration. */
export const newToken = (
  folder: string,
  pin: string,
): { library: string; token: string; key: string; pinFile: string } => {
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  const configuration = join(folder, 'softhsm2.conf')
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  const pinFile = join(folder, 'pin')
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 })
  const made = spawnSync('softhsm2-util', [
    '--init-token',
    '--free',
    '--label',
    'keystead',
    '--pin',
    pin,
    '--so-pin',
    pin,
  ])
  if (made.status !== 0) throw new Error(String(made.stderr))
  makeKey('root-seal', pin)
  return { library, token: 'keystead', key: 'root-seal', pinFile }
}

/** As `pkcs11-tool --keygen --key-type AES:32` would. */
const makeKey = (label: string, pin: string): void => {
  const p11 = require('pkcs11js')
  const token = new p11.PKCS11()
  token.load(library)
  token.C_Initialize()
  const slot = token.C_GetSlotList(true).find((one: Buffer) => token.C_GetTokenInfo(one).label.trimEnd() === 'keystead')
  const session = token.C_OpenSession(slot, p11.CKF_SERIAL_SESSION | p11.CKF_RW_SESSION)
  token.C_Login(session, p11.CKU_USER, pin)
  token.C_GenerateKey(session, { mechanism: p11.CKM_AES_KEY_GEN }, [
    { type: p11.CKA_LABEL, value: label },
    { type: p11.CKA_TOKEN, value: true },
    { type: p11.CKA_VALUE_LEN, value: 32 },
    { type: p11.CKA_ENCRYPT, value: true },
    { type: p11.CKA_DECRYPT, value: true },
    { type: p11.CKA_SENSITIVE, value: true },
    { type: p11.CKA_EXTRACTABLE, value: false },
  ])
  token.C_CloseSession(session)
  token.C_Finalize()
  token.close()
}
