import { Paper, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Asked, AuditEntry } from '../../api/actions.ts'
import { call, Problem } from '../../api/call.ts'
import { useRegion } from '../../api/region.ts'
import { EntryRows, entryOf } from '../../parts/entries.tsx'
import { ProblemNote } from '../../parts/states.tsx'
import { useText } from '../../text/language.tsx'

const lookMs = 2000
const shownMax = 200

interface Seen {
  readonly entries: readonly AuditEntry[]
  readonly problem?: Problem
}

/** Looking is a call like any other and so in the record; to whoever looks it says nothing. */
const isLook = ({ action }: AuditEntry): boolean => action === 'audit-tail'

const newestFirst = (entries: readonly AuditEntry[]): AuditEntry[] => entries.toSorted((a, b) => (a.at < b.at ? 1 : -1))

/** What is new since the page began to look, the newest first. */
const useTail = (asked: Asked<'audit-tail'>): Seen => {
  const region = useRegion()
  const [seen, see] = useState<Seen>({ entries: [] })
  useEffect(() => {
    const ending = new AbortController()
    let cursor: string | undefined
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      try {
        const page = { ...asked, ...(cursor === undefined ? {} : { cursor }) }
        const { entries, next } = await call('audit-tail', page, { region, signal: ending.signal })
        cursor = next
        const found = entries.map(entryOf).filter((entry) => !isLook(entry))
        see((before) => ({ entries: newestFirst([...found, ...before.entries]).slice(0, shownMax) }))
      } catch (error) {
        if (ending.signal.aborted) return
        if (error instanceof Problem) see(({ entries }) => ({ entries, problem: error }))
      }
      timer = setTimeout(look, lookMs)
    }
    void look()
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [asked, region])
  return seen
}

export const Tail = ({ asked }: { readonly asked: Asked<'audit-tail'> }) => {
  const { audit } = useText()
  // The same question all along: another one is another tail.
  const [question] = useState(asked)
  const { entries, problem } = useTail(question)
  return (
    <Paper component="section" aria-label={audit.followed}>
      <Title order={2} mb="sm">
        {audit.followed}
      </Title>
      {problem ? <ProblemNote problem={problem} /> : null}
      <div aria-live="polite">
        {entries.length === 0 ? <Text c="dimmed">{audit.followedNone}</Text> : <EntryRows entries={entries} />}
      </div>
    </Paper>
  )
}
