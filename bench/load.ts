/**
 * The load: one process, many connections, requests made and signed beforehand, so that the client is not what is
 * measured. Told by its parent what to send; answers with every latency in a histogram of 10 microseconds.
 */
import { connect, type Socket } from 'node:net'

export interface LoadOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Whole HTTP requests, sent in turn. */
  readonly requests: readonly string[]
  /** Text that every answer must have; anything else counts as an error. */
  readonly expect: string
}

export interface LoadResult {
  readonly requests: number
  readonly errors: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

const bucketMs = 0.01
const buckets = 1_000_000

class Connection {
  readonly #socket: Socket
  readonly #answered: (body: string) => void
  #pending = ''

  constructor(port: number, answered: (body: string) => void) {
    this.#answered = answered
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (chunk) => this.#read(String(chunk)))
    this.#socket.on('error', (error) => {
      throw error
    })
  }

  send(request: string): void {
    this.#socket.write(request, 'latin1')
  }

  end(): void {
    this.#socket.destroy()
  }

  #read(chunk: string): void {
    this.#pending += chunk
    const headEnd = this.#pending.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/content-length: (\d+)/i.exec(this.#pending.slice(0, headEnd))?.[1] ?? 0)
    if (this.#pending.length < headEnd + 4 + length) return
    const whole = this.#pending
    this.#pending = ''
    this.#answered(whole)
  }
}

const percentile = (histogram: Uint32Array, count: number, share: number): number => {
  let seen = 0
  for (let at = 0; at < histogram.length; at++) {
    seen += histogram[at] as number
    if (seen >= count * share) return (at + 1) * bucketMs
  }
  return Number.POSITIVE_INFINITY
}

const run = ({ port, connections, seconds, requests, expect }: LoadOrder): Promise<LoadResult> =>
  new Promise((resolve) => {
    const histogram = new Uint32Array(buckets)
    const started = performance.now()
    const deadline = started + seconds * 1000
    let [next, count, errors, maxMs, open] = [0, 0, 0, 0, connections]
    const finish = () => {
      const elapsed = (performance.now() - started) / 1000
      const [p50Ms, p99Ms] = [percentile(histogram, count, 0.5), percentile(histogram, count, 0.99)]
      resolve({ requests: count, errors, seconds: elapsed, p50Ms, p99Ms, maxMs })
    }
    for (let each = 0; each < connections; each++) {
      let sentAt = 0
      const connection = new Connection(port, (answer) => {
        const now = performance.now()
        const ms = now - sentAt
        histogram[Math.min(buckets - 1, Math.floor(ms / bucketMs))]! += 1
        maxMs = Math.max(maxMs, ms)
        count += 1
        if (!answer.includes(expect)) errors += 1
        if (now < deadline) return send()
        connection.end()
        open -= 1
        if (open === 0) finish()
      })
      const send = () => {
        sentAt = performance.now()
        connection.send(requests[next++ % requests.length] as string)
      }
      send()
    }
  })

process.on('message', async (order: LoadOrder) => {
  process.send?.(await run(order))
})
