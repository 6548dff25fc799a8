import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextBytes, contextObject, hex, sealed, utf8Text } from '../../src/contract/fields.ts'
import { reader, writer } from '../../src/contract/members.ts'
import { encodeContext } from '../../src/core/context.ts'

const readHex = reader({ a: hex({ bytesMin: 1, bytesMax: 8, code: 'BAD' }) })
const readText = reader({ a: utf8Text({ bytesMin: 1, bytesMax: 8 }) })
const readBytes = reader({ a: contextBytes({ charactersMax: 16 }) })
const readObject = reader({ a: contextObject({ charactersMax: 200, code: 'BAD' }) })
const readSealed = reader({ a: sealed({ written: 'hexadecimal', code: 'BAD' }) })

const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max })

test('hexadecimal of any case is read back to the bytes that it stands for', () => {
  fc.assert(
    fc.property(bytes(1, 8), fc.boolean(), (value, upperCase) => {
      const { a } = writer({ a: hex({ upperCase }) })({ a: value })
      expect(a).toBe(upperCase ? Buffer.from(value).toString('hex').toUpperCase() : Buffer.from(value).toString('hex'))
      expect(readHex({ a })).toEqual({ members: { a: value } })
    }),
  )
})

test('whatever text comes in, a reader answers bytes or the code of the field, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.anything()), (a) => {
      for (const read of [readHex, readText, readBytes, readObject, readSealed]) {
        const answered = read({ a })
        if ('failures' in answered) expect(answered.failures[0]?.reason).toMatch(/^(invalid|missing)/)
      }
    }),
    { numRuns: 300 },
  )
})

test.each(['', '0', 'zz', '00 ', '0x00', '00'.repeat(9)])('%j is no hexadecimal of 1 to 8 bytes', (a) => {
  expect(JSON.stringify(readHex({ a }))).toContain('"code":"BAD"')
})

test('text is its UTF-8, counted in bytes; a lone surrogate is refused', () => {
  expect(readText({ a: 'é€' })).toEqual({ members: { a: Buffer.from('é€') } })
  for (const a of ['', 'ééééé', '\ud800']) expect('failures' in readText({ a }), a).toBe(true)
})

const values = fc.dictionary(
  fc.string({ maxLength: 4 }),
  fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.boolean()),
  {
    maxKeys: 4,
  },
)

test('an object and its JSON text are one context, and a text is never an object', () => {
  fc.assert(
    fc.property(values, (object) => {
      const text = JSON.stringify(object)
      const [asObject, asText] = [readObject({ a: object }), readObject({ a: text })]
      if ('failures' in asObject || 'failures' in asText) throw new Error('refused')
      expect(encodeContext(asObject.members.a)).toEqual(encodeContext(asText.members.a))
      const said = readBytes({ a: text.slice(0, 16) })
      if ('failures' in said) throw new Error('refused')
      expect(said.members.a.kind).toBe('bytes')
    }),
  )
})
