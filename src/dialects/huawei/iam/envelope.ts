/**
 * How success and failure are wrapped: the record of this service, and what the gateway says at the top level, as text:
 * one of the vendor's SDKs cannot read a code that is a number.
 */
import type { Members } from '../../../contract/members.ts'
import type { Answer } from '../../../contract/serve.ts'
import { withLinks } from '../links.ts'
import { codes, type IamCode } from './codes.ts'

export const subjectHeader = 'X-Subject-Token'

const answer = (
  status: number,
  body: string,
  request: string,
  more: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  contentType: 'application/json;charset=UTF-8',
  body,
  headers: { 'X-Request-Id': request, 'X-IAM-Trace-Id': request, ...more },
})

/** A token is in a header and never in the body. */
export const success = (status: number, members: Members, base: string, request: string): Answer => {
  const { [subjectHeader]: subject, ...body } = members
  const header = typeof subject === 'string' ? { [subjectHeader]: subject } : undefined
  return answer(status, status === 204 ? '' : JSON.stringify(withLinks(body, base)), request, header)
}

export const failure = (code: IamCode, detail: string | undefined, request: string): Answer => {
  const [status, title, text] = codes[code]
  const message = detail ?? text
  const error = { code: status, message, title, error_code: String(status), error_msg: message }
  const top = { error_code: String(status), error_msg: message, request_id: request }
  return answer(status, JSON.stringify({ error, ...top }), request)
}
