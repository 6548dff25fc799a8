/** A bar on standard error while something long runs; nothing where that is no terminal. */

const width = 30
const drawMs = 100

export interface Progress {
  /** So many more are done. */
  advance(by: number): void
  /** Takes the bar away. */
  done(): void
}

const silent: Progress = { advance() {}, done() {} }

/** `total` below 1: it is not known. */
export const progress = (label: string, total: number): Progress => {
  const { stderr } = process
  if (!stderr.isTTY) return silent
  let [count, drawnAt] = [0, 0]
  const draw = () => {
    const share = total < 1 ? 0 : Math.min(1, count / total)
    const bar = `${'#'.repeat(Math.round(share * width))}${'.'.repeat(width - Math.round(share * width))}`
    stderr.write(`\r${label} [${bar}] ${Math.floor(share * 100)} % `)
  }
  return {
    advance(by) {
      count += by
      if (performance.now() - drawnAt < drawMs) return
      drawnAt = performance.now()
      draw()
    },
    done: () => void stderr.write('\r\u001b[K'),
  }
}

/** Rows of all tables, as the header of a backup counts them. */
export const rowsIn = ({ rows }: { readonly rows: Readonly<Record<string, number>> }): number =>
  Object.values(rows).reduce((sum, count) => sum + count, 0)
