import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { openApiText } from '../../../scripts/reference/native.ts'
import { actions } from '../../../src/dialects/native/actions.ts'
import { openApiOf, openApiService } from '../../../src/dialects/native/openapi.ts'
import { root } from '../../house/sources.ts'

const document = openApiOf(actions, '1.2.3')
const validated = (asked: object) => new Validator().validate(structuredClone(asked) as Record<string, unknown>)

describe('the OpenAPI document', () => {
  test('is one, of version 3.1', async () => {
    expect(await validated(document)).toEqual({ valid: true })
    expect((await validated({ ...document, paths: { nothing: 1 } })).valid).toBe(false)
    expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), info: { version: '1.2.3' } })
  })

  test('has every action once, under the name that it is called by', () => {
    const paths = Object.keys(document.paths as object)
    expect(paths).toEqual(actions.map(({ name }) => `/api/v1/${name}`))
    expect(new Set(paths).size).toBe(paths.length)
    for (const { name } of actions) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
  })

  test('says what is Base64, what a member may be, and what is secret', () => {
    const paths = document.paths as Record<string, { post: { requestBody: { content: Record<string, unknown> } } }>
    expect(paths['/api/v1/encrypt']?.post.requestBody.content['application/json']).toMatchObject({
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['key', 'plaintext'],
        properties: { plaintext: { type: 'string', contentEncoding: 'base64', 'x-sensitive': true } },
      },
    })
  })

  test('in the reference is what the declarations say today (npm run reference)', () => {
    expect(readFileSync(join(root, 'docs/reference/openapi.json'), 'utf8')).toBe(openApiText())
  })

  test('is answered to whoever asks for it, in two places and by GET alone', async () => {
    const service = openApiService(actions, '1.2.3')
    const head = (method: string, path: string) => ({ method, path, query: '', headers: {}, source: '', secure: false })
    for (const path of ['/openapi.json', '/api/v1/openapi.json']) {
      expect(service.recognises(head('GET', path))).toBe(true)
      expect(service.recognises(head('POST', path))).toBe(false)
    }
    const body = async () => new Uint8Array()
    const answered = await service.answer({ head: head('GET', '/openapi.json'), body })
    expect(JSON.parse(String(answered.body))).toEqual(JSON.parse(JSON.stringify(document)))
  })
})
