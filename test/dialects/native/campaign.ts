/** The long form of the fuzz: as many requests as asked, and what was answered to them. */
import fc from 'fast-check'
import { startKeystead } from '../../harness/keystead.ts'
import { type Asked, asker, documentOf, requestsOf, seeded, wrongWith } from './fuzzing.ts'

export interface FuzzReport {
  /** How many answers of each status. */
  readonly answered: ReadonlyMap<number, number>
  readonly wrong: readonly { readonly asked: Asked; readonly what: string }[]
}

export const fuzzNative = async (requests: number, seed: number): Promise<FuzzReport> => {
  const keystead = await startKeystead()
  try {
    const drawn = requestsOf(await documentOf(keystead), await seeded(keystead))
    const ask = asker(keystead)
    const answered = new Map<number, number>()
    const wrong: { asked: Asked; what: string }[] = []
    for (const asked of fc.sample(drawn, { seed, numRuns: requests })) {
      const answer = await ask(asked)
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1)
      const what = wrongWith(answer)
      if (what !== undefined) wrong.push({ asked, what })
    }
    return { answered, wrong }
  } finally {
    await keystead.end()
  }
}
