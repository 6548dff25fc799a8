/**
 * The public half of a signing pair that a client derives from a secret which both sides hold: the KDF of SP 800-108 in
 * counter mode, and rejection sampling as FIPS 186-5, A.2.2 has it: the first candidate that is at most n - 2, plus one.
 */
import { createECDH } from 'node:crypto'
import { deriveForeign } from './kdf.ts'
import type { Secret } from './secret.ts'

interface Curve {
  readonly prf: 'sha256' | 'sm3'
  /** As the platform calls it. */
  readonly name: string
  /** The order of the base point less two, 32 bytes big-endian in hex. */
  readonly largest: string
  /** SubjectPublicKeyInfo up to the point, in hex. */
  readonly prefix: string
}

const curves = {
  p256: {
    prf: 'sha256',
    name: 'prime256v1',
    largest: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f',
    prefix: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  },
  sm2: {
    prf: 'sm3',
    name: 'SM2',
    largest: 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121',
    prefix: '3059301306072a8648ce3d020106082a811ccf5501822d034200',
  },
} as const satisfies Record<string, Curve>

const scalarBytes = 32
const candidatesMax = 255

/** Adds one in place; a number that is at most n - 2 has room for it. */
const increment = (bytes: Uint8Array): void => {
  for (let at = bytes.length - 1; at >= 0; at--) {
    const sum = (bytes[at] ?? 0) + 1
    bytes[at] = sum & 0xff
    if (sum <= 0xff) return
  }
}

const scalarFor = ({ prf, largest }: Curve, secret: Secret, label: string, context: Uint8Array): Uint8Array => {
  const most = Buffer.from(largest, 'hex')
  for (let counter = 0; counter < candidatesMax; counter++) {
    const candidate = deriveForeign(prf, secret, label, Buffer.concat([context, Uint8Array.of(counter)]), scalarBytes)
    if (Buffer.compare(candidate, most) <= 0) {
      increment(candidate)
      return candidate
    }
    candidate.fill(0)
  }
  throw new Error('no candidate for a derived scalar is in range')
}

/** SubjectPublicKeyInfo DER. The context is followed by the counter of the candidate, one byte. */
export const derivedPublicKey = (
  curve: keyof typeof curves,
  secret: Secret,
  label: string,
  context: Uint8Array,
): Uint8Array => {
  const row = curves[curve]
  const scalar = scalarFor(row, secret, label, context)
  const pair = createECDH(row.name)
  pair.setPrivateKey(scalar)
  scalar.fill(0)
  return new Uint8Array(Buffer.concat([Buffer.from(row.prefix, 'hex'), pair.getPublicKey()]))
}
