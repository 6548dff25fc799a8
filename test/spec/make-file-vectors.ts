/** Writes file.vectors.json anew: `node test/spec/make-file-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { sealBytes } from '../harness/sealed-files.ts'
import { seededRandom, text, toHex } from './fixed.ts'

const random = seededRandom('file')

/** The wrapped data key is opaque to this format. */
const vectorOf = async (name: string, content: Uint8Array, context: Readonly<Record<string, string>>) => {
  const dataKey = random.bytes(32)
  const wrapped = random.bytes(172)
  const file = await sealBytes(content, dataKey, { salt: random.bytes(32), wrapped, context })
  return {
    name,
    dataKey: toHex(dataKey),
    wrapped: toHex(wrapped),
    context,
    content: toHex(content),
    file: toHex(file),
  }
}

const vectors = [
  await vectorOf('nothing in it', new Uint8Array(0), {}),
  await vectorOf('a line', text('Wer das liest, hat den Schlüssel.\n'), {}),
  await vectorOf('a context', text('{"salary":1}'), { department: 'finance', année: '2026', ['__proto__']: 'a name' }),
]
writeFileSync(new URL('file.vectors.json', import.meta.url), `${JSON.stringify({ vectors }, null, 2)}\n`)
