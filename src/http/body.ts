import type { IncomingMessage } from 'node:http'
import { Disconnected } from '../contract/serve.ts'

/** Read from anybody; more only from who is welcome. */
export const strangerBytesMax = 65_536

/**
 * The whole body. Beyond 64 KiB it goes on only when `welcome` says so; else it is taken for empty, and the caller is
 * refused for what it is. Rejects with `Disconnected` when the client goes away.
 */
export const readBody = (
  request: IncomingMessage,
  max: number,
  welcome: () => Promise<boolean>,
): Promise<Uint8Array | 'tooLarge'> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let total = 0
    let asked = false
    // A listener that is taken off costs more than one that finds nothing to do.
    let settled = false
    const stop = (result: Uint8Array | 'tooLarge') => {
      settled = true
      request.pause()
      resolve(result)
    }
    const fail = (error: unknown) => {
      if (settled) return
      settled = true
      reject(error)
    }
    const ask = () => {
      asked = true
      request.pause()
      welcome().then((yes) => (yes ? request.resume() : stop(new Uint8Array(0))), fail)
    }
    if (Number(request.headers['content-length'] ?? 0) > max) return stop('tooLarge')
    request.on('data', (chunk: Buffer) => {
      if (settled) return
      total += chunk.length
      if (total > max) return stop('tooLarge')
      chunks.push(chunk)
      if (total > strangerBytesMax && !asked) ask()
    })
    request.on('end', () => {
      settled = true
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
    })
    const gone = () => settled || fail(new Disconnected())
    // Whatever ends a request early closes it; without a listener for errors none is thrown.
    request.on('close', gone)
  })
