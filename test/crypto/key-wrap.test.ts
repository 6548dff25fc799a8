import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrapPadded } from '../../src/crypto/key-wrap.ts'
import { wrapPadded } from './key-wrap.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

describe('key wrap with padding', () => {
  const key = hex('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8')
  test.each([
    ['c37b7e6492584340bed12207808941155068f738', '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a'],
    ['466f7250617369', 'afbeb0f07dfbf5419200f2ccb50bb24f'],
  ])('opens to %s as RFC 5649, section 6, says', (message, wrapped) => {
    expect(unwrapPadded('aes', key, hex(wrapped))).toEqual(new Uint8Array(hex(message)))
  })

  const ciphers = [
    ['aes', 32],
    ['aes', 16],
    ['sm4', 16],
  ] as const

  test.each(ciphers)('opens what another implementation wrapped with %s under %i bytes', (cipher, bytes) => {
    const keys = fc.uint8Array({ minLength: bytes, maxLength: bytes })
    fc.assert(
      fc.property(keys, fc.uint8Array({ minLength: 1, maxLength: 200 }), (wrappingKey, message) => {
        const wrapped = wrapPadded(cipher, Buffer.from(wrappingKey), Buffer.from(message))
        expect(unwrapPadded(cipher, wrappingKey, wrapped)).toEqual(message)
      }),
    )
  })

  test.each(ciphers)('refuses whatever was changed, cut or lengthened (%s, %i bytes)', (cipher, bytes) => {
    const wrappingKey = Buffer.alloc(bytes, 7)
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (message, at, by) => {
          const wrapped = wrapPadded(cipher, wrappingKey, Buffer.from(message))
          const place = at % wrapped.length
          const changed = new Uint8Array(wrapped).with(place, (wrapped[place] ?? 0) ^ by)
          for (const wrong of [
            changed,
            wrapped.subarray(8),
            wrapped.subarray(1),
            Buffer.concat([wrapped, Buffer.alloc(8)]),
          ])
            expect(unwrapPadded(cipher, wrappingKey, wrong)).toBeUndefined()
        },
      ),
    )
  })

  test('refuses any other bytes, and none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 96 }), (bytes) => {
        expect(unwrapPadded('aes', Buffer.alloc(32), bytes)).toBeUndefined()
        expect(unwrapPadded('sm4', Buffer.alloc(16), bytes)).toBeUndefined()
      }),
    )
  })
})
