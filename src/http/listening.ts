/**
 * How connections come in. From each socket that listens, one connection is taken in a turn of the event loop, and a turn
 * lasts as long as its requests take: beside busy connections a new one would wait for all that came before it, a turn each.
 * So several sockets listen on one port, and the system shares new connections out among them (docs/decisions/0050).
 */
import { createServer, type Server } from 'node:net'

/** A port that others share too has as many of these for each process. Elsewhere than on Linux ports are not shared so. */
const socketsOfPort = process.platform === 'linux' ? 16 : 1

/** For sockets that a server is given, as for those that it accepts. */
export const socketOptions = { allowHalfOpen: true, noDelay: true }

const listen = (server: Server, host: string, port: number, reusePort: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort }, () => {
      server.off('error', reject)
      resolve()
    })
  })

const portOf = (server: Server, asked: number): number => {
  const address = server.address()
  return address && typeof address === 'object' ? address.port : asked
}

/** Resolves once the last of its connections is closed. */
export const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

/**
 * Rejects with EADDRINUSE where anybody listens there, since a port that is shared does not refuse who would share it as well.
 * Two programs of one user that start within the same milliseconds are not found.
 */
export const expectFree = async (host: string, port: number): Promise<void> => {
  if (port === 0) return
  const probe = createServer()
  await listen(probe, host, port, false)
  await closed(probe)
}

export interface Listening {
  /** The asked port, or a free one for 0. */
  readonly port: number
  /** The sockets beside the server's own. */
  readonly besides: readonly Server[]
}

/** `server` has the connections of all of them. `isShared`: other processes listen on the port, or will. */
export const listenOnPort = async (
  server: Server,
  { host, port, isShared }: { readonly host: string; readonly port: number; readonly isShared: boolean },
): Promise<Listening> => {
  if (!isShared) await expectFree(host, port)
  const reusePort = isShared || socketsOfPort > 1
  await listen(server, host, port, reusePort)
  const got = portOf(server, port)
  const besides = Array.from({ length: socketsOfPort - 1 }, () =>
    createServer(socketOptions, (socket) => server.emit('connection', socket)),
  )
  try {
    await Promise.all(besides.map((each) => listen(each, host, got, reusePort)))
  } catch (error) {
    await Promise.all(besides.map(closed))
    throw error
  }
  return { port: got, besides }
}
