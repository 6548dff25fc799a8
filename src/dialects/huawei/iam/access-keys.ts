/** What the calls about permanent access keys share. */
import type { Here } from '../../../contract/action.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import { userIdOf } from './records.ts'

export const accessKeyDescription = z.string().max(255)
export const accessKeyId = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/, 'is no access key')

export const credentialBody = <S extends z.ZodType>(record: S) => ({ credential: record })

/** The principal of a user id; the caller's own is known without a look. */
export const userNamed = async (userId: string, { caller, house }: Here): Promise<string | Refusal> => {
  if (userId === userIdOf(caller.principal)) return caller.principal.id
  const id = await house.store.reader.knownAs('principal', 'userId', userId)
  return id ?? refuse({ reason: 'objectNotFound', kind: 'principal' })
}
