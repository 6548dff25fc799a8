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
  /** How the value is written in JSON text, where that is more than its JSON type. For the reference. */
  readonly form?: string
  /** A bound that JSON Schema does not carry, in words. For the reference. */
  readonly limit?: string
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

/** What `describe` and the like made a copy of. */
const copied = (schema: z.ZodType): z.ZodType | undefined =>
  (schema as unknown as { _zod: { parent?: z.ZodType } })._zod.parent

const along = (schema: z.ZodType, next: (at: z.ZodType) => z.ZodType | undefined): z.ZodType[] => {
  const found: z.ZodType[] = []
  for (let at: z.ZodType | undefined = schema; at; at = next(at)) found.push(at)
  return found
}

/** The schema of a list's entries, also where the list is wrapped or copied; undefined for what is no list. */
export const entryOf = (schema: z.ZodType): z.ZodType | undefined => {
  const layers = along(schema, inner).flatMap((at) => along(at, copied))
  for (const layer of layers) {
    const { def } = layer as unknown as { def: { element?: z.ZodType } }
    if (def.element) return def.element
  }
  return undefined
}

/** The notes of a field, also under `optional`, `describe` and the like, which wrap or copy it in any order. */
export const notesOf = (schema: z.ZodType): FieldNotes => {
  for (const layer of along(schema, inner).flatMap((at) => along(at, copied))) {
    const found = notes.get(layer)
    if (found) return found
  }
  return {}
}
