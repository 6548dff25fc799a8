import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyNamed } from '../../../src/core/key-name.ts'
import { aliasName, keyRef } from '../../../src/dialects/huawei/fields.ts'

const read = (written: unknown) => {
  const { success, data } = keyRef.safeParse(written)
  return success ? keyNamed(data as string) : undefined
}
const letters = [...'abzABZ019:/_-']
const names = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 255 })
const labels = fc.string({ unit: fc.constantFrom(...'abz019-'), minLength: 1, maxLength: 64 })

describe('the name of a key in a call', () => {
  test('is its id, as it is', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(read(id)).toEqual({ id })
      }),
    )
  })

  test('is an alias, whatever characters that may have it has', () => {
    fc.assert(
      fc.property(names, (alias) => {
        expect(read(`alias/${alias}`)).toEqual({ alias })
      }),
    )
  })

  test('is the resource name of an alias, with the place that it says', () => {
    fc.assert(
      fc.property(names, labels, labels, (alias, region, account) => {
        const place = { region, account }
        expect(read(`kms:${region}:${account}:alias:${alias}`)).toEqual({ alias, place })
      }),
    )
  })

  test('is nothing else, and nothing makes the reader fail', () => {
    const form =
      /^(?:[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}|(?:alias\/|kms:[^:]+:[^:]+:alias:)[a-zA-Z0-9:/_-]{1,255})$/
    const pieces = fc.constantFrom('alias/', 'alias:', 'kms:', ':', '/', 'a', '0', '-', ' ', 'é', '\n', 'x'.repeat(256))
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(fc.oneof(texts, fc.anything()), (written) => {
        const known = typeof written === 'string' && form.test(written)
        if (read(written) !== undefined) expect(known).toBe(true)
      }),
    )
  })

  test('loses its prefix once, where it has one', () => {
    expect(['alias/x', 'x', 'alias/alias/x'].map(aliasName)).toEqual(['x', 'x', 'alias/x'])
  })
})
