/** What each algorithm word signs, and with which key. */
import { type Denied, type Head, Unjudged } from '../../../contract/serve.ts'
import type { Signer } from '../../../core/access/signer.ts'
import { onceAtHand } from '../../../core/at-hand.ts'
import type { House } from '../../../core/house.ts'
import { QueueFull } from '../../../core/ports.ts'
import { equalInConstantTime } from '../../../crypto/compare.ts'
import { derivedPublicKey } from '../../../crypto/derived-pair.ts'
import { hmacSha256, hmacSha256Hex, hmacSm3Hex, sha256Hex, sm3Hex } from '../../../crypto/digest.ts'
import { type Secret, secretFrom } from '../../../crypto/secret.ts'
import type { SignatureScheme } from '../../../crypto/signature.ts'
import type { Code } from '../codes.ts'
import { canonicalHashes, type Rules } from './canonical.ts'
import type { SignatureClaim } from './claim.ts'

/** What is derived of a secret; it hangs off the credential's row or the session, and goes with it. */
interface Held {
  /** The secret itself as a key. */
  plain?: Secret
  /** For the scope of the last day. */
  scoped?: { readonly scope: string; readonly key: Secret }
  readonly publicKeys: Map<SignatureScheme, Uint8Array>
}

const held = new WeakMap<object, Held>()

const heldOf = ({ of }: Signer): Held => {
  const known = held.get(of)
  if (known) return known
  const made: Held = { publicKeys: new Map() }
  held.set(of, made)
  return made
}

const newPlainKey = async (signer: Signer): Promise<Secret> => {
  const secret = await signer.secret()
  const key = secretFrom(secret)
  secret.fill(0)
  heldOf(signer).plain = key
  return key
}

/** Known from the second request on, and then not waited for. */
const plainKey = (signer: Signer): Secret | Promise<Secret> => heldOf(signer).plain ?? newPlainKey(signer)

type Derive = (secret: Uint8Array, accessKey: string, scope: string) => Uint8Array

const newScopedKey = async (signer: Signer, accessKey: string, scope: string, derive: Derive): Promise<Secret> => {
  const secret = await signer.secret()
  const bytes = derive(secret, accessKey, scope)
  secret.fill(0)
  const key = secretFrom(bytes)
  bytes.fill(0)
  heldOf(signer).scoped = { scope, key }
  return key
}

const hmacUnder = (key: Uint8Array, data: Uint8Array | string): Uint8Array => hmacSha256(secretFrom(key), data)

/** A chain of HMACs from the secret over date, region, service and the last word of the scope. */
const chained: Derive = (secret, _accessKey, scope) => {
  let key: Uint8Array = Buffer.concat([Buffer.from('SDK'), secret])
  for (const part of scope.split('/')) {
    const next = hmacUnder(key, part)
    key.fill(0)
    key = next
  }
  return key
}

/** HKDF with the access key as salt (RFC 5869, sections 2.2 and 2.3, one block); the key is its text in hex. */
const expanded: Derive = (secret, accessKey, scope) => {
  const pseudorandom = hmacUnder(Buffer.from(accessKey), secret)
  const block = hmacUnder(pseudorandom, Buffer.concat([Buffer.from(scope), Uint8Array.of(1)]))
  const key = Buffer.from(Buffer.from(block).toString('hex'))
  for (const bytes of [pseudorandom, block]) bytes.fill(0)
  return key
}

type Verify = (
  signer: Signer,
  claim: SignatureClaim,
  toSign: readonly string[],
  house: House,
) => boolean | Promise<boolean>

const someHmac = (hmac: typeof hmacSha256Hex, key: Secret, { signature }: SignatureClaim, toSign: readonly string[]) =>
  toSign.some((text) => equalInConstantTime(Buffer.from(hmac(key, text)), Buffer.from(signature)))

const byHmac =
  (hmac: typeof hmacSha256Hex): Verify =>
  (signer, claim, toSign) =>
    onceAtHand(plainKey(signer), (key) => someHmac(hmac, key, claim, toSign))

const byScopedHmac =
  (derive: Derive): Verify =>
  (signer, claim, toSign) => {
    const { accessKey, scope = '' } = claim
    // Both derivations have scopes of their own form, so one place holds either.
    const { scoped } = heldOf(signer)
    const key = scoped?.scope === scope ? scoped.key : newScopedKey(signer, accessKey, scope, derive)
    return onceAtHand(key, (known) => someHmac(hmacSha256Hex, known, claim, toSign))
  }

const publicKeyOf = async (signer: Signer, { word, accessKey }: SignatureClaim, scheme: SignatureScheme) => {
  const { publicKeys } = heldOf(signer)
  const known = publicKeys.get(scheme)
  if (known) return known
  const curve = scheme === 'sm2Sm3' ? 'sm2' : 'p256'
  const made = derivedPublicKey(curve, await plainKey(signer), word, Buffer.from(accessKey))
  publicKeys.set(scheme, made)
  return made
}

/** A private key that the client derives from the secret; verifying is slow enough to be queued. */
const byPair =
  (scheme: SignatureScheme): Verify =>
  async (signer, claim, toSign, house) => {
    const publicKey = await publicKeyOf(signer, claim, scheme)
    const signature = Buffer.from(claim.signature, 'hex')
    for (const text of toSign) {
      const signed = { type: 'message', bytes: Buffer.from(text) } as const
      if (await house.slow.run('verify', { publicKey, scheme, signed, signature })) return true
    }
    return false
  }

interface Scheme extends Rules {
  readonly verify: Verify
}

const sha256 = { hash: sha256Hex, contentHeader: 'x-sdk-content-sha256' } as const
const sm3 = { hash: sm3Hex, contentHeader: 'x-sdk-content-sm3' } as const

const schemes: Readonly<Record<SignatureClaim['word'], Scheme>> = {
  'SDK-HMAC-SHA256': { ...sha256, verify: byHmac(hmacSha256Hex) },
  'SDK-HMAC-SM3': { ...sm3, verify: byHmac(hmacSm3Hex) },
  'SDK-ECDSA-P256-SHA256': { ...sha256, verify: byPair('ecdsaSha256') },
  'SDK-SM2-SM3': { ...sm3, verify: byPair('sm2Sm3') },
  'V11-HMAC-SHA256': { ...sha256, verify: byScopedHmac(expanded) },
}

const legacy: Scheme = { ...sha256, legacy: true, verify: byScopedHmac(chained) }

const schemeOf = ({ word, scope }: SignatureClaim): Scheme =>
  word === 'SDK-HMAC-SHA256' && scope !== undefined ? legacy : schemes[word]

const busy = (error: unknown): Denied<Code> => {
  if (error instanceof QueueFull) return new Unjudged('KMS.0104')
  throw error
}

/** Whether the claim's signature is the signer's; denied where there is no thread to find it out. */
export const verifySignature = (
  claim: SignatureClaim,
  head: Head,
  body: Uint8Array,
  signer: Signer,
  house: House,
): boolean | Denied<Code> | Promise<boolean | Denied<Code>> => {
  const { word, date, scope } = claim
  const scheme = schemeOf(claim)
  const hashes = canonicalHashes(head, body, claim.signedHeaders, scheme)
  const begins = scope === undefined ? `${word}\n${date}` : `${word}\n${date}\n${scope}`
  const toSign = hashes.map((hash) => `${begins}\n${hash}`)
  const verified = scheme.verify(signer, claim, toSign, house)
  return verified instanceof Promise ? verified.catch(busy) : verified
}
