import { connect } from 'node:net'

/** Bytes in, bytes out, until the server closes: for what no HTTP client would send. */
export const rawExchange = (endpoint: string, sent: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error(`the socket was left open after: ${received}`)))
    socket.on('data', (data) => {
      received += data
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
    socket.write(sent)
  })
