/**
 * Who is calling: an access key by a signature, or a token. What the official SDKs really send decides what is accepted
 * (evidence.md): only `x-sdk-date` must be signed, and each of them writes the path in its own way.
 */
import { Denied, type Head } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import { presentedSession } from '../../core/access/session.ts'
import { permanentSigner, type Signer, temporarySigner } from '../../core/access/signer.ts'
import { onceAtHand } from '../../core/at-hand.ts'
import type { House } from '../../core/house.ts'
import type { Instant } from '../../core/object.ts'
import type { View } from '../../core/ports.ts'
import type { Code } from './codes.ts'
import { type Claim, denied, type SignatureClaim } from './signature/claim.ts'
import { verifySignature } from './signature/schemes.ts'

/** How far a request's time may be from ours, either way, ms. */
const toleranceMs = 900_000

const dateForm = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/
const instantOf = (date: string): Instant => Date.parse(date.replace(dateForm, '$1-$2-$3T$4:$5:$6Z'))

/** A date that there is not, such as a thirteenth month, is outside of every window too. */
const isInTime = ({ date }: SignatureClaim, now: Instant): boolean => Math.abs(instantOf(date) - now) <= toleranceMs

/** Whoever sends a token means a temporary access key. It need not be signed: some clients add it afterwards. */
const signerOf = ({ accessKey, token }: SignatureClaim, view: View, house: House) =>
  token === undefined
    ? permanentSigner(house, view, accessKey, 'huawei')
    : temporarySigner(house, view, accessKey, token, 'huawei')

const unknownKey = ({ accessKey, token }: SignatureClaim): Denied<Code> =>
  token === undefined
    ? denied(`Get secretKey failed,ak:${accessKey},err:ak not exist`)
    : denied('the security token is not valid for this access key, or has expired')

type Known = Signer['who'] | Denied<Code>

const bySignature = (
  claim: SignatureClaim,
  head: Head,
  body: Uint8Array,
  view: View,
  house: House,
): Known | Promise<Known> => {
  if (!isInTime(claim, house.clock.now())) return denied('calc ak sk signature fail:signature expired')
  return onceAtHand(signerOf(claim, view, house), (signer) => {
    if (!signer) return unknownKey(claim)
    return onceAtHand(verifySignature(claim, head, body, signer, house), (verified): Known => {
      if (verified instanceof Denied) return verified
      return verified ? signer.who : denied('verify aksk signature fail')
    })
  })
}

/** Why a token is refused says whether a new one would help: clients ask for one at each 401. */
const byToken = async (token: string, view: View, house: House): Promise<Known> => {
  const found = await presentedSession(house, view, token, { dialect: 'huawei', form: 'bearer' })
  if (found === 'unknown') return denied('decrypt token fail')
  return found === 'ended' ? denied('The token must be updated') : { credential: undefined, ...found }
}

/** Whether the access key or the session is there: then a large body is read. */
export const isKnown = async (claim: Claim, view: View, house: House): Promise<boolean> => {
  if (claim.form === 'token') return !((await byToken(claim.token, view, house)) instanceof Denied)
  return (await signerOf(claim, view, house)) !== undefined
}

/** Tokens are not locked: nobody guesses one. */
export const locked = (claim: Claim | undefined): Denied<Code> | undefined =>
  claim?.form === 'signature' ? denied('AK access failed to reach the limit,forbidden') : undefined

/** Waits for nothing where the rows and the key are at hand. */
export const authenticate = (
  claim: Claim | undefined,
  head: Head,
  body: Uint8Array,
  view: View,
  house: House,
  request: string,
): Caller | Denied<Code> | Promise<Caller | Denied<Code>> => {
  if (!claim) return denied('x-auth-token not found')
  const known = claim.form === 'token' ? byToken(claim.token, view, house) : bySignature(claim, head, body, view, house)
  return onceAtHand(known, (who): Caller | Denied<Code> =>
    who instanceof Denied ? who : { dialect: 'huawei', ...who, source: head.source, request, reach: 'policies' },
  )
}
