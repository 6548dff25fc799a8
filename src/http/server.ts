/** One server for every dialect: limits, timeouts, draining. It knows services, and none of them by name. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { BlockList, Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { type Answer, Disconnected, type Head, type Service } from '../contract/serve.ts'
import type { Admission } from './admission.ts'
import { readBody, strangerBytesMax } from './body.ts'
import { sourceOf } from './source.ts'
import type { TlsFiles } from './tls.ts'
import { followTls, readTls } from './tls.ts'
import { UnderWay } from './under-way.ts'

export interface HttpSettings {
  readonly services: readonly Service[]
  readonly trusted: BlockList
  readonly connectionsPerSource: number
  /** Whether other processes of this host listen on the same port, and the system shares connections out. */
  readonly sharesPort?: boolean
  readonly tls: TlsFiles | undefined
  /** Absent: whatever arrives is taken on. */
  readonly admission?: Admission
  onFault(error: unknown): void
}

export interface HttpServer {
  /** Listens, and gives the port: the asked one, or a free one for 0. */
  listen(host: string, port: number): Promise<number>
  /** Listens on a socket file, which only its owner can open; one that a crash left behind is replaced. */
  listenFile(path: string): Promise<void>
  /** Takes no new connection, answers what is under way, at most `milliseconds` long. */
  drain(milliseconds: number): Promise<void>
}

const headerBytesMax = 65_536
/** In ms. */
export interface Timeouts {
  /** For the headers to arrive. */
  readonly headers: number
  /** For the whole request to arrive, and for its answer. */
  readonly request: number
  /** How often it is looked for what is late. */
  readonly look: number
}

export const standardTimeouts: Timeouts = { headers: 15_000, request: 30_000, look: 1000 }

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

/**
 * `last`: the connection is closed behind the answer. Waits only for an answer that comes piece by piece, as fast as it is
 * taken; a fault in the middle of that ends the connection, so that nobody takes the part for the whole.
 */
const send = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, headers, body }: Answer,
  last = false,
): Promise<void> | undefined => {
  if (response.headersSent || response.destroyed) return undefined
  const lines = ['Content-Type', contentType]
  const whole = typeof body === 'string' || body instanceof Uint8Array
  if (whole) lines.push('Content-Length', String(Buffer.byteLength(body)))
  if (headers) lines.push(...Object.entries(headers).flat())
  // A body that was not read to its end cannot be told from the next request.
  if (!request.complete || last) lines.push('Connection', 'close')
  response.writeHead(status, lines)
  if (!request.complete) response.once('finish', () => request.destroy())
  if (!whole) return pipeline(body, response)
  response.end(body)
  return undefined
}

const wentAway = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'

/** undefined where there is nobody to answer, or nothing that could be said. */
const answerTo = (settings: HttpSettings, request: IncomingMessage): Promise<Answer | undefined> => {
  const head = headOf(request, settings.trusted)
  const service = settings.services.find((candidate) => candidate.recognises(head))
  if (!service) return Promise.resolve(notFound)
  const body = (max: number, welcome: () => Promise<boolean>) => readBody(request, max, welcome)
  return service.answer({ head, body }).catch((error) => {
    if (!(error instanceof Disconnected)) settings.onFault(error)
    return undefined
  })
}

const isSmall = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= strangerBytesMax

/**
 * Tells a request to come back, before anything else is found out about it; false where its service is always answered.
 * The connection is kept where the body is small, since a client that connects again costs more than one that asks again.
 */
const shed = (
  { services, trusted }: HttpSettings,
  request: IncomingMessage,
  response: ServerResponse,
  last: boolean,
): boolean => {
  const head = headOf(request, trusted)
  const answer = services.find((candidate) => candidate.recognises(head))?.shed?.(head)
  if (!answer) return false
  if (isSmall(request)) request.once('end', () => void send(request, response, answer, last)).resume()
  else void send(request, response, answer)
  return true
}

/** Counts the connections of each source, closes those beyond its share at once, and gives the others. */
const limitConnections = (server: Server, max: number): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? ''
    const count = (open.get(source) ?? 0) + 1
    if (count > max) {
      socket.destroy()
      return
    }
    open.set(source, count)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (open.get(source) ?? 1) - 1
      if (left === 0) open.delete(source)
      else open.set(source, left)
    })
  })
  return sockets
}

/** The same for a TLS socket and the one that it runs over. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/** Also those that never asked anything, which `closeIdleConnections` takes for busy. */
const closeIdle = (sockets: ReadonlySet<Socket>, underWay: UnderWay): void => {
  const busy = new Set([...underWay.before()].map(({ req }) => peerOf(req.socket)))
  for (const socket of sockets) if (!busy.has(peerOf(socket))) socket.destroySoon()
}

const garbageStatus: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What is no HTTP, or no request in time, is told so in one line, and the socket closed. */
const refuseGarbage = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = garbageStatus[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** One sweep a second over what is under way costs less than a timer for each request. */
const sweepSlow = (underWay: UnderWay, { request, look }: Timeouts): NodeJS.Timeout =>
  setInterval(() => {
    for (const response of underWay.before(performance.now() - request)) void send(response.req, response, unavailable)
  }, look).unref()

const optionsOf = ({ headers, request, look }: Timeouts) => ({
  maxHeaderSize: headerBytesMax,
  headersTimeout: headers,
  requestTimeout: request,
  connectionsCheckingInterval: look,
  keepAliveTimeout: 75_000,
})

export const createHttpServer = (settings: HttpSettings, timeouts = standardTimeouts): HttpServer => {
  const { tls } = settings
  const options = optionsOf(timeouts)
  const underWay = new UnderWay()
  const server = tls ? createHttps({ ...options, ...readTls(tls) }) : createHttp(options)
  const unfollow = tls && 'setSecureContext' in server ? followTls(tls, server, settings.onFault) : () => {}
  const sweeper = sweepSlow(underWay, timeouts)
  let draining = false

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (settings.admission?.admits() === false && shed(settings, request, response, draining)) return
    const place = underWay.begin(response)
    const end = () => underWay.end(place)
    void answerTo(settings, request).then((answer) => {
      if (!answer) response.destroy()
      // A client that keeps its connection would keep a draining server from its end.
      const sent = answer && send(request, response, answer, draining)
      if (!sent) return end()
      return sent.catch((error) => wentAway(error) || settings.onFault(error)).then(end)
    })
  })
  server.on('error', settings.onFault)
  server.on('clientError', refuseGarbage)
  const sockets = limitConnections(server, settings.connectionsPerSource)

  return {
    listenFile: (path) =>
      new Promise((resolve, reject) => {
        rmSync(path, { force: true })
        server.once('error', reject)
        server.listen({ path, readableAll: false, writableAll: false }, () => {
          chmodSync(path, 0o600)
          resolve()
        })
      }),
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, host, reusePort: settings.sharesPort ?? false }, () => {
          const address = server.address()
          resolve(address && typeof address === 'object' ? address.port : port)
        })
      }),
    drain: (milliseconds) =>
      new Promise((resolve) => {
        draining = true
        unfollow()
        clearInterval(sweeper)
        const deadline = setTimeout(() => server.closeAllConnections(), milliseconds)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        closeIdle(sockets, underWay)
      }),
  }
}
