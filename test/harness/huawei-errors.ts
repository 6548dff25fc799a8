/** What an error of the Huawei dialect looks like, whole. */
import { expect } from 'vitest'
import type { HuaweiAnswered } from './huawei.ts'

/** Says code and text twice, with the request's id. */
export const expectError = ({ members, status, exchanged }: HuaweiAnswered, expected: number, code: string): void => {
  expect([status, members.error?.error_code]).toEqual([expected, code])
  expect(members.error_code).toBe(code)
  expect(members.error_msg).toBe(members.error.error_msg)
  expect(members.error_msg).not.toBe('')
  expect(members.request_id).toBe(exchanged.headers['x-request-id'])
}
