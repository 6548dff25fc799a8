/** Writes backup.vectors.json anew: `node test/spec/make-backup-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { seal } from '../../src/adapters/backup/sealed.ts'
import { secretFrom } from '../../src/crypto/secret.ts'
import { hex, seededRandom, toHex } from './fixed.ts'

const random = seededRandom('backup')
const key = { id: 'b0'.repeat(16), material: toHex(random.bytes(32)) }

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const vectorOf = async (name: string, lines: readonly string[]) => {
  const salt = random.bytes(32)
  const plain = gzipSync(lines.map((line) => `${line}\n`).join(''))
  const parts: Uint8Array[] = []
  for await (const part of seal(once(plain), { id: key.id, secret: secretFrom(hex(key.material)) }, salt))
    parts.push(part)
  return { name, lines, file: toHex(Buffer.concat(parts)) }
}

const header = (rows: object) =>
  JSON.stringify({
    keystead: 'rows',
    format: 1,
    schema: 15,
    program: '0.1.0',
    installation: 'a0'.repeat(16),
    takenAt: 1_700_000_000_000,
    rootKeys: [{ id: 'a1'.repeat(16), number: 1 }],
    rows,
  })
const vectors = [
  await vectorOf('no rows', [header({}), '{"end":0}']),
  await vectorOf('rows with bytes and material', [
    header({ account: 1, domain_key: 1 }),
    JSON.stringify(['account', { id: '1', account: '1', revision: 1, name: 'élève', administrator: null }]),
    JSON.stringify(['domain_key', { id: '1.1', check: { base64: 'AAEC' } }, 'd3JhcHBlZA==']),
    '{"end":2}',
  ]),
]
writeFileSync(new URL('backup.vectors.json', import.meta.url), `${JSON.stringify({ key, vectors }, null, 2)}\n`)
