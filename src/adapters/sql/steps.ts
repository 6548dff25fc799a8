/** `all` in pieces of at most `step`, in order: what one statement takes is bounded. */
export function* inSteps<T>(all: readonly T[], step: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += step) yield all.slice(from, from + step)
}
