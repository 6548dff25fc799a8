/** RFC 5649 from the sending side, apart from the program's own code: key wrap with padding under AES or SM4. */
import { createCipheriv } from 'node:crypto'

/** AES by the platform's own wrap; SM4, for which it has none, by the RFC's words over its block cipher. */
export const wrapPadded = (cipher: 'aes' | 'sm4', key: Buffer, message: Buffer): Buffer => {
  if (cipher === 'aes') {
    const wrap = createCipheriv(`id-aes${key.length * 8}-wrap-pad`, key, Buffer.from('A65959A6', 'hex'))
    return Buffer.concat([wrap.update(message), wrap.final()])
  }
  const padded = Buffer.concat([message, Buffer.alloc((8 - (message.length % 8)) % 8)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  let a = Buffer.concat([Buffer.from('A65959A6', 'hex'), length])
  const encrypt = (block: Buffer): Buffer<ArrayBuffer> => {
    const sm4 = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
    return Buffer.concat([sm4.update(block), sm4.final()])
  }
  if (padded.length === 8) return encrypt(Buffer.concat([a, padded]))
  const r: Buffer[] = Array.from({ length: padded.length / 8 }, (_, at) => padded.subarray(8 * at, 8 * at + 8))
  for (let j = 0; j <= 5; j++)
    for (const [at, semiblock] of r.entries()) {
      const b = encrypt(Buffer.concat([a, semiblock]))
      const t = BigInt(r.length * j + at + 1)
      a = Buffer.alloc(8)
      a.writeBigUInt64BE(b.readBigUInt64BE(0) ^ t)
      r[at] = b.subarray(8)
    }
  return Buffer.concat([a, ...r])
}
