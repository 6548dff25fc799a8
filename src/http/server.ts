/** One server for every dialect: limits, timeouts, draining. It knows services, and none of them by name. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { BlockList, Server as NetServer, Socket } from 'node:net'
import type { Answer, Service } from '../contract/serve.ts'
import type { Admission } from './admission.ts'
import { closed, listenOnPort, socketOptions } from './listening.ts'
import type { TlsFiles } from './tls.ts'
import { followTls, readTls } from './tls.ts'
import { Turn } from './turn.ts'
import { UnderWay } from './under-way.ts'
import { type Door, send, Visit } from './visit.ts'

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

const unavailable: Answer = { status: 503, contentType: 'text/plain', body: 'The request took too long\n' }

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
  const options = { ...socketOptions, ...optionsOf(timeouts) }
  const underWay = new UnderWay()
  const { services, trusted, onFault } = settings
  const door: Door = { services, trusted, onFault, underWay, turn: new Turn(settings.admission), draining: false }
  const server = tls ? createHttps({ ...options, ...readTls(tls) }) : createHttp(options)
  const unfollow = tls && 'setSecureContext' in server ? followTls(tls, server, settings.onFault) : () => {}
  const sweeper = sweepSlow(underWay, timeouts)

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    new Visit(door, request, response).enter()
  })
  server.on('error', settings.onFault)
  server.on('clientError', refuseGarbage)
  let besides: readonly NetServer[] = []
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
    async listen(host, port) {
      const listening = await listenOnPort(server, { host, port, isShared: settings.sharesPort ?? false })
      besides = listening.besides
      for (const each of besides) each.on('error', settings.onFault)
      return listening.port
    },
    async drain(milliseconds) {
      door.draining = true
      unfollow()
      clearInterval(sweeper)
      const deadline = setTimeout(() => server.closeAllConnections(), milliseconds)
      const over = Promise.all([server, ...besides].map(closed))
      closeIdle(sockets, underWay)
      await over
      clearTimeout(deadline)
    },
  }
}
