/** How success and failure are wrapped: the members as they are, or a problem (RFC 9457). */
import type { Members } from '../../contract/members.ts'
import type { Answer } from '../../contract/serve.ts'
import { type Code, statuses } from './codes.ts'

export const success = (members: Members, _request: string): Answer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(members),
})

export const failure = (code: Code, detail: string, request: string): Answer => ({
  status: statuses[code],
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: code, status: statuses[code], detail, instance: request }),
})
