/** How the seal of the root key is shown. */
import { z } from '../../contract/schema.ts'
import type { SealState } from '../../core/ports.ts'

export const sealMembers = {
  seal: z.string(),
  sealed: z.boolean(),
  told: z.string().describe('Why it is sealed, and what opens it.'),
  fault: z.string().describe('What keeps it from opening by itself.'),
  generation: z.number(),
  generations: z.number(),
  sharesNeeded: z.number().nullable(),
  sharesGiven: z.number().nullable(),
}

export const sealShown = ({ seal, sealed, told, fault, generation, generations, needed, given }: SealState) => ({
  seal,
  sealed,
  told,
  fault,
  generation: generation.number,
  generations,
  sharesNeeded: needed ?? null,
  sharesGiven: given ?? null,
})

const textMax = 1024
/** A passphrase or a share. */
export const secretText = z.string('must be text').min(1, 'is empty').max(textMax, 'is too long')
