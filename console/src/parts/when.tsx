import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useSpeech } from '../text/language.tsx'

/** All relative times of a page move on together, twice a minute. */
let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 30_000)

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** Such as "3 days ago"; exact for whoever points at it. */
export const When = ({ at }: { readonly at: string | null | undefined }) => {
  const speech = useSpeech()
  const moment = useNow()
  if (!at) return <span>{speech.text.common.never}</span>
  return (
    <Tooltip label={speech.time(at)}>
      <time dateTime={at}>{speech.relative(at, Math.max(moment, now))}</time>
    </Tooltip>
  )
}
