import type { IncomingMessage } from 'node:http'
import { Disconnected } from '../contract/serve.ts'

/** Read from anybody; more only from who is welcome. */
const strangerBytesMax = 65_536

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
    const settle = () => {
      request.off('data', onData)
      request.off('end', onEnd)
      request.off('close', onClose)
    }
    const stop = (result: Uint8Array | 'tooLarge') => {
      settle()
      request.pause()
      resolve(result)
    }
    const ask = () => {
      asked = true
      request.pause()
      welcome().then((yes) => (yes ? request.resume() : stop(new Uint8Array(0))), reject)
    }
    const onData = (chunk: Buffer) => {
      total += chunk.length
      if (total > max) return stop('tooLarge')
      chunks.push(chunk)
      if (total > strangerBytesMax && !asked) ask()
    }
    const onEnd = () => {
      settle()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
    }
    const onClose = () => reject(new Disconnected())
    if (Number(request.headers['content-length'] ?? 0) > max) return resolve('tooLarge')
    request.on('data', onData)
    request.on('end', onEnd)
    request.on('close', onClose)
    request.on('error', onClose)
  })
