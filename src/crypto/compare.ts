import { timingSafeEqual } from 'node:crypto'

/** Equality whose time tells the length of `a` and nothing else; `b`, of whatever length, is the stranger's. */
export const equalInConstantTime = (a: Uint8Array, b: Uint8Array): boolean => {
  const sameLength = a.length === b.length
  return timingSafeEqual(a, sameLength ? b : a) && sameLength
}
