/**
 * The nonce of a chunk in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), as age has it: 88
 * bits of the chunk's number, and a byte that is 1 for the last one.
 */
export const streamNonce = (chunk: number, last: boolean): Uint8Array => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(chunk, 5, 6)
  nonce[11] = Number(last)
  return nonce
}
