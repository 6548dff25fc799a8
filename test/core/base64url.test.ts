import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesFromBase64Url, textFromUtf8, textOfBase64Url } from '../../src/core/base64url.ts'

test('bytes come back as they were, in the spelling that Node has for them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      const text = textOfBase64Url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64url'))
      expect(bytesFromBase64Url(text)).toEqual(bytes)
    }),
  )
})

test('any text is read in one spelling, or not at all', () => {
  const near = fc.string({ unit: fc.constantFrom(...'AZaz09-_+/=. \n'), maxLength: 12 })
  fc.assert(
    fc.property(near, (text) => {
      const bytes = bytesFromBase64Url(text)
      if (bytes) expect(textOfBase64Url(bytes)).toBe(text)
    }),
  )
  // The last digit has bits that no byte takes: AB and AA would be the same byte.
  expect(bytesFromBase64Url('AB')).toBeUndefined()
  expect(bytesFromBase64Url('AA')).toEqual(Uint8Array.of(0))
})

test('bytes that are no UTF-8 are no text', () => {
  expect(() => textFromUtf8(Uint8Array.of(0xff))).toThrow(TypeError)
})
