/** Reads the members of a request by their declaration; what is wrong comes back as failures that name the member. */
import type { Failure } from '../core/failure.ts'
import { entryOf, notesOf, z } from './schema.ts'

export type Shape = Record<string, z.ZodType>

export type Members = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `null` counts as absent: SDKs and hand-written clients send it for what they do not set. */
const withoutNulls = (members: Record<string, unknown>): Record<string, unknown> => {
  if (Object.values(members).every((value) => value !== null)) return members
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly params?: { readonly code?: string }
}

const memberName = (path: readonly PropertyKey[]): string => path.map(String).join('.')

const missing = (members: Record<string, unknown>, { path }: Issue): boolean => {
  let at: unknown = members
  for (const step of path) {
    if (isRecord(at) || Array.isArray(at)) at = (at as Record<PropertyKey, unknown>)[step]
    else return true
  }
  return at === undefined
}

/** The cloud's own code for what is wrong at a path: of the member, or of the entries of a list where one of them is wrong. */
const codeAt = (schema: z.ZodType | undefined, path: readonly PropertyKey[]): string | undefined => {
  if (!schema) return undefined
  return path.length === 0 ? notesOf(schema).code : codeAt(entryOf(schema), path.slice(1))
}

const failureOf = (shape: Shape, members: Record<string, unknown>, issue: Issue): Failure => {
  const member = memberName(issue.path)
  if (issue.code === 'unrecognized_keys')
    return { reason: 'unknownField', member: memberName([...issue.path, ...(issue.keys ?? []).slice(0, 1)]) }
  if (missing(members, issue)) return { reason: 'missingData', member }
  // JSON carries no `undefined`, so what is left of the type errors is a wrong type.
  const top = shape[String(issue.path[0])]
  if (issue.code === 'invalid_type') return { reason: 'invalidField', member, why: issue.message }
  const vendorCode = issue.params?.code ?? codeAt(top, issue.path.slice(1))
  if (issue.path.length === 1 && members[String(issue.path[0])] === '') {
    const empty = vendorCode === undefined ? {} : { code: vendorCode }
    return { reason: 'invalidField', member, why: 'must not be empty', empty }
  }
  const failure = { reason: 'invalidAttributeValue', member, why: issue.message } as const
  return vendorCode === undefined ? failure : { ...failure, code: vendorCode }
}

export type Read<T> = { readonly members: T } | { readonly failures: readonly Failure[] }

/** A reader of requests of one shape. Members that are not declared are refused. */
export const reader = <S extends Shape>(shape: S) => {
  const schema = z.strictObject(shape)
  return (value: unknown): Read<z.output<z.ZodObject<S>>> => {
    if (!isRecord(value))
      return { failures: [{ reason: 'invalidField', member: 'body', why: 'must be a JSON object' }] }
    const members = withoutNulls(value)
    const parsed = schema.safeParse(members)
    if (parsed.success) return { members: parsed.data as z.output<z.ZodObject<S>> }
    return { failures: (parsed.error.issues as unknown as Issue[]).map((issue) => failureOf(shape, members, issue)) }
  }
}

type Encode = (value: never) => unknown

/** A writer of responses of one shape: only members whose form on the wire differs are touched. */
export const writer = (shape: Shape) => {
  const encoders: [string, Encode][] = []
  for (const [name, schema] of Object.entries(shape)) {
    const { def } = schema as unknown as { def: { type: string; reverseTransform?: Encode } }
    if (def.type === 'pipe' && def.reverseTransform) encoders.push([name, def.reverseTransform])
  }
  return (response: Record<string, unknown>): Members => {
    for (const [name, encode] of encoders) response[name] = encode(response[name] as never)
    return response
  }
}
