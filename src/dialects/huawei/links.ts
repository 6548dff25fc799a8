/** Links in answers: written as paths, and made whole by the address that the client called. */
import type { Head } from '../../contract/serve.ts'

const hostForm = /^[0-9A-Za-z.[\]:-]{1,255}$/

/** Scheme and host as the client sees them. */
export const baseOf = ({ headers, secure }: Head): string => {
  const { host = '' } = headers
  return `${secure ? 'https' : 'http'}://${hostForm.test(host) ? host : 'localhost'}`
}

const linking: ReadonlySet<string> = new Set(['self', 'href', 'url'])

const whole = (name: string, value: unknown, base: string): unknown => {
  if (Array.isArray(value)) return value.map((entry) => whole(name, entry, base))
  if (typeof value === 'string') return linking.has(name) && value.startsWith('/') ? `${base}${value}` : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(key, inner, base)]))
}

export const withLinks = (members: Readonly<Record<string, unknown>>, base: string): Record<string, unknown> =>
  whole('', members, base) as Record<string, unknown>
