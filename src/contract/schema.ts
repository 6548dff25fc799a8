/** The schema library, set up once: no generated code, which a hardened runtime refuses and which costs every start. */
import { z } from 'zod'

z.config({ jitless: true })

export { z }

/** What a field says beside its type. `z.toJSONSchema` carries `description` into the reference. */
export interface FieldNotes {
  /** The cloud's own code for a value that is out of range, where it has one. */
  readonly code?: string
  /** Never reaches a log, an error or the audit. */
  readonly sensitive?: boolean
}

const notes = new WeakMap<object, FieldNotes>()

export const noted = <S extends z.ZodType>(schema: S, fieldNotes: FieldNotes): S => {
  notes.set(schema, fieldNotes)
  return schema
}

const inner = (schema: z.ZodType): z.ZodType | undefined => {
  const { def } = schema as unknown as { def: { innerType?: z.ZodType; in?: z.ZodType; out?: z.ZodType } }
  return def.innerType ?? def.out
}

/** The notes of a field, also under `optional`, `describe` and the like, which wrap or copy it. */
export const notesOf = (schema: z.ZodType): FieldNotes => {
  const parent = (schema as unknown as { _zod: { parent?: z.ZodType } })._zod.parent
  for (let at: z.ZodType | undefined = schema; at; at = inner(at)) {
    const found = notes.get(at)
    if (found) return found
  }
  return parent ? notesOf(parent) : {}
}
