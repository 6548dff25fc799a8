/** How success and failure are wrapped: the members as they are, lines of JSON, or a problem (RFC 9457). */
import type { Members } from '../../contract/members.ts'
import type { Answer } from '../../contract/serve.ts'
import { type Code, statuses } from './codes.ts'

const areLines = (value: unknown): value is AsyncIterable<string> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

export const success = ({ lines, ...members }: Members, _request: string): Answer =>
  areLines(lines)
    ? { status: 200, contentType: 'application/jsonl', body: ended(lines) }
    : { status: 200, contentType: 'application/json', body: JSON.stringify(members) }

export const failure = (code: Code, detail: string, request: string): Answer => ({
  status: statuses[code],
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: code, status: statuses[code], detail, instance: request }),
})
