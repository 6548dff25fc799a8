/** What a request claims about who sends it: the signature of an access key, or a token. */
import { Denied, type Head } from '../../../contract/serve.ts'
import type { Code } from '../codes.ts'

export const words = [
  'SDK-HMAC-SHA256',
  'SDK-HMAC-SM3',
  'SDK-ECDSA-P256-SHA256',
  'SDK-SM2-SM3',
  'V11-HMAC-SHA256',
] as const
export type Word = (typeof words)[number]

export interface SignatureClaim {
  readonly form: 'signature'
  readonly word: Word
  readonly accessKey: string
  /**
   * What the key is derived for: `date/region/service` of V11, `date/region/service/sdk_request` of the legacy form;
   * undefined where the secret itself signs.
   */
  readonly scope: string | undefined
  readonly signedHeaders: readonly string[]
  /** Hex. */
  readonly signature: string
  /** As sent, `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  /** X-Security-Token, of a temporary access key. */
  readonly token: string | undefined
}

export interface TokenClaim {
  readonly form: 'token'
  readonly token: string
}

export type Claim = SignatureClaim | TokenClaim

/** Every failure of authentication is one code; its text says which. */
export const denied = (detail: string): Denied<Code> => new Denied('APIGW.0301', detail)
const miscalculated = (why: string) => denied(`calc ak sk signature fail:${why}`)

const signatureForm =
  /^([A-Z0-9-]{1,32})\s+(Access|Credential)=([0-9A-Za-z_./-]{1,400})\s*,\s*SignedHeaders=([0-9a-z;_-]{1,1024})\s*,\s*Signature=([0-9a-f]{64,160})$/
const accessKeyForm = /^[0-9A-Za-z_-]{1,128}$/
const scopeForm = /^([0-9A-Za-z_-]{1,128})\/(\d{8}\/[0-9A-Za-z_.-]{0,64}\/[0-9A-Za-z_.-]{0,64}(\/sdk_request)?)$/
const dateForm = /^\d{8}T\d{6}Z$/
const signedHeadersMax = 32

const isWord = (text: string): text is Word => (words as readonly string[]).includes(text)

/** Region and service are named by V11 alone, and by the legacy form, which calls itself as the usual one does. */
const readKey = (word: Word, form: string, value: string): Pick<SignatureClaim, 'accessKey' | 'scope'> | undefined => {
  if (form === 'Access')
    return word !== 'V11-HMAC-SHA256' && accessKeyForm.test(value) ? { accessKey: value, scope: undefined } : undefined
  const [, accessKey = '', scope, legacy] = scopeForm.exec(value) ?? []
  const expected: Word = legacy === undefined ? 'V11-HMAC-SHA256' : 'SDK-HMAC-SHA256'
  return word === expected ? { accessKey, scope } : undefined
}

const readSignature = (authorization: string, { headers }: Head): SignatureClaim | Denied<Code> => {
  const { 'x-sdk-date': date = '', 'x-security-token': token } = headers
  const [, word = '', form = '', value = '', names = '', signature = ''] = signatureForm.exec(authorization) ?? []
  const key = isWord(word) ? readKey(word, form, value) : undefined
  if (!isWord(word) || !key) return miscalculated('the Authorization header cannot be read')
  const signedHeaders = names.split(';')
  if (!dateForm.test(date)) return miscalculated('X-Sdk-Date must be YYYYMMDDTHHMMSSZ')
  if (key.scope !== undefined && !date.startsWith(key.scope.slice(0, 8)))
    return miscalculated('the date in Credential is not the day of X-Sdk-Date')
  if (!signedHeaders.includes('x-sdk-date')) return miscalculated('x-sdk-date must be signed')
  if (signedHeaders.length > signedHeadersMax) return miscalculated('too many signed headers')
  return { form: 'signature', word, ...key, signedHeaders, signature, date, token: token || undefined }
}

/** A signature goes before a token: the vendor's clients send one of them. */
export const readClaim = (head: Head): Claim | Denied<Code> => {
  const { authorization, 'x-auth-token': token } = head.headers
  const word = authorization?.split(/\s/, 1)[0] ?? ''
  if (authorization !== undefined && (isWord(word) || token === undefined)) return readSignature(authorization, head)
  if (token === undefined) return denied('x-auth-token not found')
  return token === '' ? new Denied('KMS.0301') : { form: 'token', token }
}

/** Whom a claim is of, for those who count failures. A token is too long to be remembered. */
export const claimedOf = (claim: Claim): string => (claim.form === 'signature' ? claim.accessKey : 'x-auth-token')
