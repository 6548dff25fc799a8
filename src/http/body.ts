import type { IncomingMessage } from 'node:http'
import { Disconnected } from '../contract/serve.ts'

/** Read from anybody; more only from who is welcome. */
export const strangerBytesMax = 65_536

export type Body = Uint8Array | 'tooLarge'

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)

/** Whether the head says that the body is one that is read from anybody. */
export const isSmall = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= strangerBytesMax

/** The body of a small request, which is as long as its head says; `gone` where its client went away before it was whole. */
export const readSmall = (request: IncomingMessage, whole: (body: Uint8Array) => void, gone: () => void): void => {
  const chunks: Buffer[] = []
  let ended = false
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    ended = true
    whole(joined(chunks))
  })
  // Whatever ends a request early closes it; without a listener for errors none is thrown.
  request.on('close', () => ended || gone())
}

/**
 * The whole body of any request. Beyond 64 KiB it goes on only when `welcome` says so; else it is taken for empty, and the
 * caller is refused for what it is. Rejects with `Disconnected` when the client goes away.
 */
export const readBody = (request: IncomingMessage, max: number, welcome: () => Promise<boolean>): Promise<Body> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let total = 0
    let asked = false
    // A listener that is taken off costs more than one that finds nothing to do.
    let settled = false
    const stop = (result: Body) => {
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
    // Between its arrival and the end of the turn its client may have gone, and nothing more is told of it then.
    if (request.destroyed) return fail(new Disconnected())
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
      resolve(joined(chunks))
    })
    const gone = () => settled || fail(new Disconnected())
    request.on('close', gone)
  })
