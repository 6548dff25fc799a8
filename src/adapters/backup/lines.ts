import { BackupUnusable } from './sealed.ts'

/** No row is longer: a document of a policy and the grants of a key have bounds far below, characters. */
const lineMax = 16 * 1024 * 1024

/** Whole lines, without their newlines, from text that comes in pieces. What follows the last newline is a torn line. */
export async function* splitLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > lineMax) throw new BackupUnusable('a line of it has no end')
    yield* lines
  }
  if (rest !== '') throw new BackupUnusable('its last line is torn')
}
