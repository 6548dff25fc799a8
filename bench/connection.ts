/**
 * One connection of the load: it writes requests that are made beforehand, and of an answer it looks at the length and for
 * one text. Nothing is parsed and no stream built, since the client shares two processors with what it measures.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const endOfHead = '\r\n\r\n'
const lengthForm = /content-length: (\d+)/i
/** A head of any server here is shorter. */
const headBytesMax = 4096

/** Bytes of the whole answer that begins here; undefined where its head has not come yet. */
const answerBytes = (bytes: Buffer): number | undefined => {
  const start = bytes.toString('latin1', 0, Math.min(bytes.length, headBytesMax))
  const headEnd = start.indexOf(endOfHead)
  if (headEnd < 0) return undefined
  return headEnd + endOfHead.length + Number(lengthForm.exec(start.slice(0, headEnd))?.[1] ?? 0)
}

/** For all of them: what is read is looked at before anything else is. */
const shared = Buffer.allocUnsafe(256 * 1024)

export class Connection {
  /** When the request was due that is under way. */
  due = 0
  readonly isOpen: Promise<unknown>
  readonly #socket: Socket
  readonly #answered: (connection: Connection, answer: Buffer) => void
  /** What has come of an answer whose end has not. */
  #pieces: Buffer[] = []
  #came = 0
  #wanted = 0

  /** `localAddress`: one of this host's own, since a server gives each address a share. */
  constructor(port: number, localAddress: string, answered: (connection: Connection, answer: Buffer) => void) {
    this.#answered = answered
    const onread = { buffer: shared, callback: (bytes: number) => this.#read(bytes) }
    this.#socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true, onread })
    this.isOpen = once(this.#socket, 'connect')
    this.#socket.on('error', (error) => {
      throw error
    })
    this.#socket.on('end', () => {
      throw new Error('the server closed a connection of the load')
    })
  }

  send(request: Buffer, due: number): void {
    this.due = due
    this.#socket.write(request)
  }

  end(): void {
    this.#socket.removeAllListeners()
    this.#socket.destroy()
  }

  #read(bytes: number): boolean {
    const piece = shared.subarray(0, bytes)
    if (this.#came === 0 && answerBytes(piece) === bytes) {
      this.#answered(this, piece)
      return true
    }
    this.#pieces.push(Buffer.from(piece))
    this.#came += bytes
    this.#wanted ||= answerBytes(Buffer.concat(this.#pieces)) ?? 0
    if (this.#wanted > 0 && this.#came >= this.#wanted) this.#whole()
    return true
  }

  #whole(): void {
    const answer = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#came = 0
    this.#wanted = 0
    this.#answered(this, answer)
  }
}
