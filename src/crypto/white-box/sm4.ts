/** SM4 (GB/T 32907-2016) in the parts that the tables are made of. */
import { wordOf } from './binary.ts'

/** Section 6.2, table 1. */
export const box: Uint8Array = Uint8Array.from(
  Buffer.from(
    `d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa441326498606999c4250f491ef987a33540b43edcfac62
e4b31ca9c908e89580df94fa758f3fa64707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35
1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89eeabf8ad240c738b5a3f7f2cef96115a1
e0ae5da49b341a55ad933230f58cb1e31df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51
8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b08969974a0c96777e65b9f109c56ec684
18f07dec3adc4d2079ee5f3ed7cb3948`.replaceAll('\n', ''),
    'hex',
  ),
)

const turned = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0
const turns = (word: number, ...by: readonly number[]): number =>
  by.reduce((sum, each) => sum ^ turned(word, each), word) >>> 0

/** L (section 6.2). */
export const diffused = (word: number): number => turns(word, 2, 10, 18, 24)

const substituted = (word: number): number =>
  [0, 1, 2, 3].reduce((sum, at) => sum | wordOf(box[(word >>> (24 - 8 * at)) & 255] as number, at), 0) >>> 0

/** FK and CK (section 7.3). */
const system = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc]
const fixed = (round: number): number =>
  [0, 1, 2, 3].reduce((sum, at) => sum | wordOf(((4 * round + at) * 7) & 255, at), 0) >>> 0

export const rounds = 32

/** The 32 round keys (section 7.3), in the order of encryption. */
export const roundKeys = (key: Uint8Array): Uint32Array => {
  const view = new DataView(key.buffer, key.byteOffset)
  const state = system.map((word, at) => view.getUint32(4 * at) ^ word)
  return Uint32Array.from({ length: rounds }, (_, round) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = state
    const next = first ^ turns(substituted((second ^ third ^ fourth ^ fixed(round)) >>> 0), 13, 23)
    state.shift()
    state.push(next)
    return next
  })
}
