/** Makes garbage, and tells how large its young generation became by that, bytes. */
import { getHeapSpaceStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'

let kept: { at: number; text: string }[] = []
for (let at = 0; at < 1_000_000; at++) {
  if (kept.push({ at, text: `text ${at}` }) > 100_000) kept = []
}
const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
parentPort?.postMessage(young?.space_size)
