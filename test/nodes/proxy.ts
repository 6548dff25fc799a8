/** What lies between a node and its database: a network that can be cut, blackholed or slow. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Weather = 'fine' | 'cut' | 'blackhole' | 'slow'

export interface Network {
  readonly port: number
  weather: Weather
  close(): Promise<void>
}

export const openProxy = async (
  to: { readonly host: string; readonly port: number },
  /** Each way, while it is slow. */
  slowMs = 80,
): Promise<Network> => {
  let weather: Weather = 'fine'
  const sockets = new Set<Socket>()
  const carry = (from: Socket, into: Socket) => {
    from.on('data', (chunk) => {
      if (weather === 'blackhole') return
      if (weather === 'slow') setTimeout(() => into.writable && into.write(chunk), slowMs)
      else into.write(chunk)
    })
    from.on('close', () => into.destroy())
    from.on('error', () => into.destroy())
  }
  const server = createServer((near) => {
    if (weather === 'cut') {
      near.destroy()
      return
    }
    sockets.add(near)
    near.once('close', () => sockets.delete(near))
    near.on('error', () => {})
    if (weather === 'blackhole') return
    const far = connect(to)
    carry(near, far)
    carry(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get weather() {
      return weather
    },
    set weather(next) {
      // What was swallowed cannot come later: those connections are dead.
      const dead = next === 'cut' || (weather === 'blackhole' && next !== 'blackhole')
      weather = next
      if (dead) for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
