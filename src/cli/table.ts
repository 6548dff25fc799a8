/** Columns for people, of any writing. */
import { eastAsianWidth } from 'get-east-asian-width'

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Nothing in it moves the cursor, ends the line or turns the text around. */
const harmless = (text: string): string =>
  text.replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)

const mark = /^\p{M}$/u

/** Columns of a terminal that a text takes. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) if (!mark.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0)
  return width
}

/** Rows under their headings, as wide as they need to be. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [headings, ...rows].map((row) => row.map(harmless))
  const widths = headings.map((_heading, at) =>
    all.reduce((widest, row) => Math.max(widest, widthOf(row[at] ?? '')), 0),
  )
  const padded = (cell: string, at: number) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))
  return all.map((row) => row.map(padded).join('  ').trimEnd()).join('\n')
}
