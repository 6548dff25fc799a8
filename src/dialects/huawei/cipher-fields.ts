/** Members of the calls that encrypt and decrypt: what is bound to a ciphertext, and what nothing is done with. */
import { contextBytes, contextObject, text } from '../../contract/fields.ts'
import { type Context, noContext } from '../../core/context.ts'
import { type Refusal, refuse } from '../../core/failure.ts'

/** Data and data keys of both clouds fit: 140 bytes more than what is in them. */
export const hexCharactersMax = 8192

export const aad = contextBytes({ charactersMax: 128 })
  .describe('Text that must be said again to decrypt. Empty is as good as absent.')
  .optional()

/** Older references have a context in the form of an object; golangsdk sends its JSON text. */
const legacyContext = contextObject({ charactersMax: 8192, code: 'KMS.0208' })
  .describe('An object in the place of additional_authenticated_data, as older references have it.')
  .optional()

export const boundMembers = { additional_authenticated_data: aad, encryption_context: legacyContext }

interface Bound {
  readonly additional_authenticated_data?: Context | undefined
  readonly encryption_context?: Context | undefined
}

/** What is bound to the ciphertext; refused where it is said in both ways. */
export const boundOf = (members: Bound): Context | Refusal => {
  const { additional_authenticated_data: bytes = noContext, encryption_context: map = noContext } = members
  if (bytes.kind === 'none') return map
  if (map.kind === 'none') return bytes
  return refuse({
    reason: 'invalidAttributeValue',
    member: 'encryption_context',
    why: 'cannot stand beside additional_authenticated_data',
    code: 'KMS.0208',
  })
}

/** Of the assessment scenario with hardware; nothing is done with them. */
export const pinMembers = {
  pin: text({ charactersMax: 8192, sensitive: true }).describe('Read and not used.').optional(),
  pin_type: text({ charactersMax: 64 }).describe('Read and not used.').optional(),
}
