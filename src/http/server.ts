/** One server for every dialect: limits, timeouts, draining. It knows services, and none of them by name. */
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { BlockList, Socket } from 'node:net'
import { type Answer, Disconnected, type Head, type Service } from '../contract/serve.ts'
import { readBody } from './body.ts'
import { sourceOf } from './source.ts'
import type { TlsFiles } from './tls.ts'
import { followTls, readTls } from './tls.ts'

export interface HttpSettings {
  readonly services: readonly Service[]
  readonly trusted: BlockList
  readonly connectionsPerSource: number
  readonly tls: TlsFiles | undefined
  onFault(error: unknown): void
}

export interface HttpServer {
  /** Listens, and gives the port: the asked one, or a free one for 0. */
  listen(host: string, port: number): Promise<number>
  /** Takes no new connection, answers what is under way, at most `milliseconds` long. */
  drain(milliseconds: number): Promise<void>
}

const headerBytesMax = 65_536
/** For the headers, for the whole request to arrive, and for its answer, ms. */
const headersTimeout = 15_000
const requestTimeout = 30_000

const headOf = (request: IncomingMessage, trusted: BlockList): Head => {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const headers = request.headers as Readonly<Record<string, string | undefined>>
  return {
    method: request.method ?? '',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    source: sourceOf(request.socket.remoteAddress, headers['x-forwarded-for'], trusted),
  }
}

const notFound: Answer = { status: 404, contentType: 'text/plain', body: 'Not found\n' }
const unavailable: Answer = { status: 503, contentType: 'text/plain', body: 'The request took too long\n' }

const send = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  if (response.headersSent || response.destroyed) return
  // A body that was not read to its end cannot be told from the next request.
  const close = request.complete ? [] : ['Connection', 'close']
  const length = Buffer.byteLength(answer.body)
  response.writeHead(answer.status, ['Content-Type', answer.contentType, 'Content-Length', String(length), ...close])
  response.end(answer.body)
  if (!request.complete) response.once('finish', () => request.destroy())
}

const answerFrom = async (
  settings: HttpSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const head = headOf(request, settings.trusted)
  const service = settings.services.find((candidate) => candidate.recognises(head))
  if (!service) return send(request, response, notFound)
  try {
    const body = (max: number, welcome: () => Promise<boolean>) => readBody(request, max, welcome)
    send(request, response, await service.answer({ head, body }))
  } catch (error) {
    if (!(error instanceof Disconnected)) settings.onFault(error)
    response.destroy()
  }
}

/** Counts the connections of each source, and closes those beyond its share at once. */
const limitConnections = (server: Server, max: number): void => {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? ''
    const count = (open.get(source) ?? 0) + 1
    if (count > max) {
      socket.destroy()
      return
    }
    open.set(source, count)
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1
      if (left === 0) open.delete(source)
      else open.set(source, left)
    })
  })
}

/** What is no HTTP is told so in one line, and the socket closed. */
const refuseGarbage = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** One sweep a second over what is under way costs less than a timer for each request. */
const sweepSlow = (underWay: Map<ServerResponse, number>): NodeJS.Timeout =>
  setInterval(() => {
    const oldest = performance.now() - requestTimeout
    for (const [response, started] of underWay) {
      if (started > oldest) break // In the order of arrival.
      send(response.req, response, unavailable)
    }
  }, 1000).unref()

const options = { maxHeaderSize: headerBytesMax, headersTimeout, requestTimeout, keepAliveTimeout: 75_000 }

export const createHttpServer = (settings: HttpSettings): HttpServer => {
  const { tls } = settings
  const underWay = new Map<ServerResponse, number>()
  const server = tls ? createHttps({ ...options, ...readTls(tls) }) : createHttp(options)
  const unfollow = tls && 'setSecureContext' in server ? followTls(tls, server, settings.onFault) : () => {}
  const sweeper = sweepSlow(underWay)

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    underWay.set(response, performance.now())
    await answerFrom(settings, request, response)
    underWay.delete(response)
  })
  server.on('clientError', refuseGarbage)
  limitConnections(server, settings.connectionsPerSource)

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          const address = server.address()
          resolve(address && typeof address === 'object' ? address.port : port)
        })
      }),
    drain: (milliseconds) =>
      new Promise((resolve) => {
        unfollow()
        clearInterval(sweeper)
        const deadline = setTimeout(() => server.closeAllConnections(), milliseconds)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}
