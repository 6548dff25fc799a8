import { quote } from './line.ts'
import { LineSplitter, listParts, type Part, readPart } from './parts.ts'

/** The request id of an entry, as the JSON string that stands in its line. */
const requestPattern = /","request":("(?:[^"\\]|\\.)*")/

/** Adds to `found` which of `wanted`, quoted ids and the ids that they stand for, a part has; gives its length. */
const scan = async (
  folder: string,
  part: Part,
  wanted: ReadonlyMap<string, string>,
  found: Set<string>,
): Promise<number> => {
  const splitter = new LineSplitter()
  let bytes = 0
  for await (const chunk of readPart(folder, part)) {
    bytes += chunk.length
    for (const line of splitter.push(chunk)) {
      const request = wanted.get(requestPattern.exec(line.toString('latin1'))?.[1] ?? '')
      if (request !== undefined) found.add(request)
    }
  }
  return bytes
}

/**
 * Which of these ids have an entry in the newest parts: two at least, and as many as have `bytesMin` bytes together.
 * Reading stops early once all are found.
 */
export const requestsInNewestParts = async (
  folder: string,
  requests: ReadonlySet<string>,
  bytesMin: number,
): Promise<ReadonlySet<string>> => {
  const wanted = new Map([...requests].map((request) => [quote(request), request]))
  const found = new Set<string>()
  const newestFirst = [...(await listParts(folder))].reverse()
  let bytes = 0
  for (const [read, part] of newestFirst.entries()) {
    if (found.size === wanted.size || (read >= 2 && bytes >= bytesMin)) break
    bytes += await scan(folder, part, wanted, found)
  }
  return found
}
