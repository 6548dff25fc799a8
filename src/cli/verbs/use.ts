/** What keys do with a few bytes. They come from a file or standard input, and go as Base64. */
import type { Said, Verb } from '../verbs.ts'
import { base64OfFile, context, key, number, only, pair, printedIn } from './said.ts'

const anyKey = 'alias:::orders'
const signer = 'alias:::releases'
const scheme: Said = { flags: '--scheme <scheme>', says: 'such as rsaOaepSha256 or rsaOaepSha1', mandatory: true }
const signing: Said = { ...scheme, says: 'such as ed25519, ecdsaSha256 or rsaPssSha256' }
const keyId: Said = { flags: '<key>', says: 'id of the key' }

/** Bytes as they are. */
const raw = (member: string, says: string): Said => ({
  flags: '<file>',
  says: `${says}; - reads standard input`,
  member,
  read: base64OfFile,
})
/** Base64 that another command has printed. */
const printed = (member: string, says: string, flags = '<file>'): Said => ({
  flags,
  says: `${says}, Base64; - reads standard input`,
  member,
  read: printedIn,
})

const plaintext = raw('plaintext', 'what is encrypted')
const ciphertext = printed('ciphertext', 'what was encrypted')
const message: Said = { ...raw('message', 'what is signed'), flags: '[file]' }
const digest: Said = { flags: '--digest <file>', says: 'or its digest, as bytes', read: base64OfFile }

const verdict = {
  holds: 'valid',
  shows: { line: ({ valid }: Readonly<Record<string, unknown>>) => (valid ? 'it is valid' : 'it is not valid') },
} as const

const symmetric: readonly Verb[] = [
  {
    words: 'key encrypt',
    says: 'encrypt a few bytes under a key; files are for keystead encrypt',
    action: 'encrypt',
    takes: [key, plaintext, context],
    shows: only('ciphertext'),
    example: `${anyKey} secret.txt > secret.b64`,
  },
  {
    words: 'key decrypt',
    says: 'print, as Base64, what key encrypt encrypted',
    action: 'decrypt',
    takes: [ciphertext, context],
    shows: only('plaintext'),
    example: 'secret.b64 | base64 -d',
  },
  {
    words: 'key re-encrypt',
    says: 'move what was encrypted to another key, or to the version that seals',
    action: 're-encrypt',
    takes: [
      ciphertext,
      { flags: '--to <key>', says: 'the key to move to; its own without it', member: 'key' },
      context,
      { flags: '--new-context <name=value>', says: 'the context from now on', read: pair },
    ],
    shows: only('ciphertext'),
    example: `secret.b64 --to ${anyKey}`,
  },
]

const asymmetric: readonly Verb[] = [
  {
    words: 'key encrypt-asymmetric',
    says: 'encrypt a few bytes under the public half of a key',
    action: 'encrypt-asymmetric',
    takes: [key, plaintext, scheme],
    shows: only('ciphertext'),
    example: 'alias:::inbox secret.txt --scheme rsaOaepSha256',
  },
  {
    words: 'key decrypt-asymmetric',
    says: 'print, as Base64, what was encrypted under the public half of a key',
    action: 'decrypt-asymmetric',
    takes: [key, ciphertext, scheme],
    shows: only('plaintext'),
    example: 'alias:::inbox secret.b64 --scheme rsaOaepSha256',
  },
  {
    words: 'key encrypt-post-quantum',
    says: 'encrypt under an ML-KEM key',
    action: 'encrypt-post-quantum',
    takes: [key, plaintext, context],
    shows: only('ciphertext'),
    example: 'alias:::vault secret.txt',
  },
  {
    words: 'key decrypt-post-quantum',
    says: 'print, as Base64, what was encrypted under an ML-KEM key',
    action: 'decrypt-post-quantum',
    takes: [ciphertext, context],
    shows: only('plaintext'),
    example: 'secret.b64 | base64 -d',
  },
  {
    words: 'key derive-secret',
    says: 'print, as Base64, the secret that a key shares with the key of somebody else',
    action: 'derive-shared-secret',
    takes: [key, raw('publicKey', 'public key of the other side, DER')],
    shows: only('secret'),
    example: 'alias:::agreement theirs.der',
  },
]

const proving: readonly Verb[] = [
  {
    words: 'key sign',
    says: 'print, as Base64, the signature of a message or of its digest',
    action: 'sign',
    takes: [key, message, digest, signing],
    shows: only('signature'),
    example: `${signer} notes.txt --scheme ecdsaSha256 > notes.sig`,
  },
  {
    words: 'key verify',
    says: 'tell whether a signature is valid; it ends with 1 where it is not',
    action: 'verify',
    takes: [
      key,
      message,
      digest,
      signing,
      { ...printed('signature', 'the signature', '--signature <file>'), mandatory: true },
    ],
    ...verdict,
    example: `${signer} notes.txt --scheme ecdsaSha256 --signature notes.sig`,
  },
  {
    words: 'key mac',
    says: 'print, as Base64, the message authentication code of a message',
    action: 'mac',
    takes: [keyId, raw('message', 'the message')],
    shows: only('mac'),
    example: '0f5c2a9e-6a0f-4f0c-9a43-0b7a6e7b7f10 notes.txt > notes.mac',
  },
  {
    words: 'key verify-mac',
    says: 'tell whether a message authentication code is valid; it ends with 1 where it is not',
    action: 'verify-mac',
    takes: [keyId, raw('message', 'the message'), { ...printed('mac', 'the code', '--mac <file>'), mandatory: true }],
    ...verdict,
    example: '0f5c2a9e-6a0f-4f0c-9a43-0b7a6e7b7f10 notes.txt --mac notes.mac',
  },
  {
    words: 'random',
    says: 'print, as Base64, random bytes',
    action: 'random',
    takes: [{ flags: '<bytes>', says: 'how many, up to 1024', read: number }],
    shows: only('bytes'),
    example: '32',
  },
]

export const useVerbs: readonly Verb[] = [...symmetric, ...asymmetric, ...proving]
