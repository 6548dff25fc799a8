import fs from 'node:fs'

const textOf = (data: string | NodeJS.ArrayBufferView): string =>
  typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()

type Write = (descriptor: number, data: string | NodeJS.ArrayBufferView, ...rest: unknown[]) => unknown

/** What the program's log writes, kept from the terminal: it writes to the descriptor, past `process.stderr`. */
export const captureStderr = (): { text(): string; release(): void } => {
  const { write, writeSync } = fs
  const written: string[] = []
  const keep = (data: string | NodeJS.ArrayBufferView): number => {
    written.push(textOf(data))
    return Buffer.byteLength(textOf(data))
  }
  const captureSync: Write = (descriptor, data, ...rest) =>
    descriptor === 2 ? keep(data) : (writeSync as Write)(descriptor, data, ...rest)
  const capture: Write = (descriptor, data, ...rest) => {
    if (descriptor !== 2) return (write as Write)(descriptor, data, ...rest)
    const done = rest.at(-1) as (error: null, bytes: number) => void
    return setImmediate(done, null, keep(data))
  }
  Object.assign(fs, { write: capture, writeSync: captureSync })
  return {
    text: () => written.join(''),
    release: () => void Object.assign(fs, { write, writeSync }),
  }
}
