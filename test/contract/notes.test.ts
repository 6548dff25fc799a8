import { describe, expect, it } from 'vitest'
import { base64, choice, text } from '../../src/contract/fields.ts'
import { reader } from '../../src/contract/members.ts'
import { noted, notesOf, z } from '../../src/contract/schema.ts'

const note = { code: 'Own.Code' }

describe('notes of a field', () => {
  it.each([
    ['bare', choice(['a'], note)],
    ['described', choice(['a'], note).describe('A.')],
    ['optional', choice(['a'], note).optional()],
    ['described, then optional', choice(['a'], note).describe('A.').optional()],
    ['optional, then described', choice(['a'], note).optional().describe('A.')],
    ['described twice around optional', text(note).describe('A.').optional().describe('B.')],
    ['a codec, described and optional', base64(note).describe('A.').optional()],
    ['a union', noted(z.union([z.literal(''), choice(['a'])]), note).optional()],
  ])('are found where it is %s', (_how, schema) => {
    expect(notesOf(schema).code).toBe('Own.Code')
  })

  it('give a wrong value its own code', () => {
    const read = reader({ Usage: choice(['a', 'b'], note).describe('What for.').optional() })
    const wrong = read({ Usage: 'c' })
    expect('failures' in wrong && wrong.failures).toMatchObject([{ reason: 'invalidAttributeValue', code: 'Own.Code' }])
  })

  it('are empty where none were made', () => {
    expect(notesOf(z.string().describe('A.').optional())).toEqual({})
  })
})
