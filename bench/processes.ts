/** What the system says of processes, and how they are started here. */
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** User and system time of a process so far, seconds; all its threads together. 0 for one that is gone. */
export const cpuSeconds = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return 0
  }
}

/** A process and those that it started, which are what serves where there are several workers. */
export const processGroup = (pid: number): number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => processGroup(Number(child))))]
  } catch {
    return [pid]
  }
}

/** Of a process with all that it started. */
export const groupCpuSeconds = (pid: number): number =>
  processGroup(pid).reduce((sum, each) => sum + cpuSeconds(each), 0)

/** What each thread of a process used so far, by its name, seconds; threads of one name together. */
export const threadCpuSeconds = (pid: number): ReadonlyMap<string, number> => {
  const used = new Map<string, number>()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim()
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    used.set(name, (used.get(name) ?? 0) + Number(nanoseconds) / 1e9)
  }
  return used
}

/** Memory that a process holds, bytes. */
export const rssBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

/** Of a process with all that it started, bytes. */
export const groupRssBytes = (pid: number): number => processGroup(pid).reduce((sum, each) => sum + rssBytes(each), 0)

/** The flags that `npm start` gives to Node. */
export const productionFlags = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string }
  }
  const [, ...words] = scripts.start.split(' ')
  return words.slice(
    0,
    words.findIndex((word) => !word.startsWith('--')),
  )
}
