/** How far a run is, and how long it will take, on a terminal's last line; line by line where it is none. */
const clearLine = '\r\x1b[K'

export class Progress {
  readonly #steps: number
  readonly #started = performance.now()
  #done = 0

  constructor(steps: number) {
    this.#steps = steps
  }

  /** What is done now. */
  begin(name: string): void {
    const text = `[${this.#done + 1}/${this.#steps}] ${name}${this.#left()}`
    process.stderr.write(process.stderr.isTTY ? `${clearLine}${text} …` : `${text}\n`)
  }

  end(): void {
    this.#done += 1
    if (process.stderr.isTTY) process.stderr.write(clearLine)
  }

  #left(): string {
    if (this.#done === 0) return ''
    const seconds = ((performance.now() - this.#started) / 1000 / this.#done) * (this.#steps - this.#done)
    const minutes = Math.floor(seconds / 60)
    return `, ${minutes > 0 ? `${minutes} min ` : ''}${Math.round(seconds % 60)} s left`
  }
}
