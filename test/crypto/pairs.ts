/** Pairs of every asymmetric algorithm, and the openssl program asked about them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asymmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { generatePair, type PrivateKey, privateKeyFrom } from '../../src/crypto/private-key.ts'
import { openssl } from '../spec/openssl.ts'

export interface TestPair {
  readonly publicKey: Uint8Array
  readonly privateDer: Uint8Array
  readonly key: PrivateKey
}

export const pairOf = (algorithm: string): TestPair => {
  const { publicKey, privateKey } = generatePair(asymmetricAlgorithm(algorithm))
  return { publicKey, privateDer: privateKey, key: privateKeyFrom(privateKey) }
}

export const pemOf = (label: string, der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** openssl with files: `{name}` in an argument is the path of the file with that content. */
export const opensslWith = (
  files: Readonly<Record<string, Uint8Array | string>>,
  args: readonly string[],
  input?: Uint8Array,
): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-openssl-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return openssl(
      args.map((arg) => arg.replace(/\{(\w+)\}/, (_all, name) => join(folder, name))),
      input,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const opensslSays = (...asked: Parameters<typeof opensslWith>): boolean => {
  try {
    return /verif(?:ied ok|ication: ok|ied successfully)/i.test(opensslWith(...asked).toString())
  } catch {
    return false
  }
}
