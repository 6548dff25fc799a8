/** Which region the console looks at: one for all pages, kept from one visit to the next. */
import { useSyncExternalStore } from 'react'

const place = 'keystead-region'
const listeners = new Set<() => void>()

const read = (): string | undefined => localStorage.getItem(place) ?? undefined

export const chooseRegion = (region: string): void => {
  localStorage.setItem(place, region)
  for (const listener of listeners) listener()
}

/** One that this installation does not have, such as another's from an earlier visit, is let go. */
export const keepKnownRegion = (known: readonly string[]): void => {
  const region = read()
  if (region === undefined || known.includes(region)) return
  localStorage.removeItem(place)
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useRegion = (): string | undefined => useSyncExternalStore(subscribe, read)
