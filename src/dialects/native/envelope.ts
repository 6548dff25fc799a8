/** How success and failure are wrapped: the members as they are, lines of JSON, or a problem (RFC 9457). */
import type { Members } from '../../contract/members.ts'
import type { Answer } from '../../contract/serve.ts'
import { type Code, codes } from './codes.ts'

/** What an answer carries of a key is nobody's to keep, and no page may take it for anything but data. */
const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

const areLines = (value: unknown): value is AsyncIterable<string> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

export const success = ({ lines, ...members }: Members, more: Readonly<Record<string, string>> = {}): Answer => {
  const all = { ...headers, ...more }
  return areLines(lines)
    ? { status: 200, contentType: 'application/jsonl', body: ended(lines), headers: all }
    : { status: 200, contentType: 'application/json', body: JSON.stringify(members), headers: all }
}

export interface Problem {
  readonly type: Code
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  /** Of the request, where one is to blame. */
  readonly member?: string
}

export const problemOf = (code: Code, detail: string, request: string, member?: string): Problem => {
  const [status, title] = codes[code]
  const common = { type: code, title, status, detail, instance: request }
  return member === undefined ? common : { ...common, member }
}

export const failure = (problem: Problem): Answer => ({
  status: problem.status,
  contentType: 'application/problem+json',
  body: JSON.stringify(problem),
  headers,
})
