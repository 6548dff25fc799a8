/** What a thread of slow cryptography can do: the jobs of the port, each one synchronous function. */
import type { SlowJobs } from '../../core/ports.ts'
import { agree } from '../../crypto/agreement.ts'
import { asymmetricAlgorithm } from '../../crypto/algorithms.ts'
import { unwrapPair } from '../../crypto/arrived-pair.ts'
import { encryptionSchemes } from '../../crypto/encryption.ts'
import { decapsulateWith, encapsulateTo } from '../../crypto/kem.ts'
import { passwordMatches, passwordRecord } from '../../crypto/password.ts'
import { generatePair, privateKeyFrom } from '../../crypto/private-key.ts'
import { rsaUnwrap } from '../../crypto/rsa.ts'
import { signatureSchemes } from '../../crypto/signature.ts'
import { sm2Decrypt } from '../../crypto/sm2.ts'
import { lockedEncoding } from '../../crypto/white-box/decrypt-key.ts'
import { newWhiteBoxKey } from '../../crypto/white-box/tables.ts'

type Jobs = { [N in keyof SlowJobs]: (input: SlowJobs[N]['input']) => SlowJobs[N]['output'] }

export const jobs: Jobs = {
  generatePair: ({ algorithm }) => generatePair(asymmetricAlgorithm(algorithm)),
  unwrap: ({ privateKey, padding, wrapped, length }) =>
    padding === 'sm2'
      ? sm2Decrypt(privateKeyFrom(privateKey), wrapped)
      : rsaUnwrap(privateKey, padding, wrapped, length),
  unwrapPair({ algorithm, wrappingKey, wrapped }) {
    const pair = unwrapPair(algorithm, wrappingKey, wrapped)
    wrappingKey.fill(0)
    return pair
  },
  sign: ({ key, publicKey, scheme, signed }) => signatureSchemes[scheme].sign(key, publicKey, signed),
  verify: ({ publicKey, scheme, signed, signature }) => signatureSchemes[scheme].verify(publicKey, signed, signature),
  encryptTo({ publicKey, scheme, plaintext }) {
    const ciphertext = encryptionSchemes[scheme].encrypt(publicKey, plaintext)
    plaintext.fill(0)
    return ciphertext
  },
  decryptWith: ({ key, scheme, ciphertext }) => encryptionSchemes[scheme].decrypt(key, ciphertext),
  agree: ({ key, publicKey }) => agree(key, publicKey),
  encapsulate: ({ publicKey }) => encapsulateTo(publicKey),
  decapsulate: ({ key, encapsulation }) => decapsulateWith(key, encapsulation),
  makeWhiteBoxKey: ({ algorithm }) => newWhiteBoxKey(algorithm),
  lockEncoding({ algorithm, encoding, fingerprints }) {
    const locked = lockedEncoding(algorithm, encoding, fingerprints)
    encoding.fill(0)
    return locked
  },
  hashPassword: ({ password, salt }) => passwordRecord(password, salt),
  checkPassword: ({ password, record }) => passwordMatches(password, record),
}
