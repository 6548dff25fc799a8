/**
 * A secret that can be used and not read: over a KeyObject, whose bytes are outside the JavaScript heap, are shown by no
 * inspection and no JSON, and cost a cipher or an HMAC a tenth of what raw bytes cost.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'

declare const opaque: unique symbol
export interface Secret {
  readonly [opaque]: true
}

/** Copies the bytes; whoever made them zeroes them. */
export const secretFrom = (bytes: Uint8Array): Secret => createSecretKey(bytes) as unknown as Secret

/** For the primitives of this folder alone. */
export const keyObject = (secret: Secret): KeyObject => secret as unknown as KeyObject
