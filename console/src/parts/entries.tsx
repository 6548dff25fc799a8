/** Audit entries as a list; a line opens into everything that was written down. */
import { Button, Group, Text } from '@mantine/core'
import { Fragment, useState } from 'react'
import type { Asked, AuditEntry } from '../api/actions.ts'
import { useList } from '../api/use.ts'
import { useText } from '../text/language.tsx'
import { Code } from './copy.tsx'
import { Empty, Loading, ProblemNote } from './states.tsx'
import { More, Rows } from './table.tsx'
import { When } from './when.tsx'

const tones: Readonly<Record<string, string>> = { success: 'good', refused: 'waiting', failed: 'bad', unknown: 'bad' }

const Outcome = ({ entry }: { readonly entry: AuditEntry }) => {
  const { audit } = useText()
  const outcomes: Readonly<Record<string, string>> = audit.outcomes
  return (
    <div>
      <span className="state" data-tone={tones[entry.outcome] ?? 'quiet'}>
        {outcomes[entry.outcome] ?? entry.outcome}
      </span>
      {entry.reason ? (
        <Text size="xs" c="dimmed" className="mono">
          {entry.reason}
        </Text>
      ) : null}
    </div>
  )
}

/** The record's own form is promised by its specification, not by the API's document. */
export const entryOf = (shown: Readonly<Record<string, unknown>>): AuditEntry => shown as unknown as AuditEntry

const idOf = ({ seq, at, request }: AuditEntry): string => `${at} ${seq} ${request}`

export const EntryRows = ({ entries }: { readonly entries: readonly AuditEntry[] }) => {
  const { audit, common } = useText()
  const [opened, open] = useState<string>()
  const shown = entries.find((entry) => idOf(entry) === opened)
  return (
    <Fragment>
      <Rows
        label={audit.title}
        columns={[
          { title: audit.when },
          { title: audit.action },
          { title: audit.outcome },
          { title: audit.who, wide: true },
          { title: audit.source, wide: true },
          { title: audit.entry },
        ]}
        rows={entries.map((entry) => ({
          id: idOf(entry),
          cells: [
            <When key="at" at={entry.at} />,
            <div key="action">
              <Text size="sm" fw={500}>
                {entry.action}
              </Text>
              <Text size="xs" c="dimmed">
                {entry.dialect}
              </Text>
            </div>,
            <Outcome key="outcome" entry={entry} />,
            <span key="who" className="mono">
              {entry.principal}
            </span>,
            <span key="source" className="mono">
              {entry.source}
            </span>,
            <Button
              key="open"
              size="compact-xs"
              variant="default"
              aria-expanded={opened === idOf(entry)}
              onClick={() => open(opened === idOf(entry) ? undefined : idOf(entry))}
            >
              {opened === idOf(entry) ? common.close : audit.open}
            </Button>,
          ],
        }))}
      />
      {shown ? (
        <Group mt="sm">
          <div style={{ width: '100%' }}>
            <Code value={JSON.stringify(shown, null, 2)} what={audit.entry} />
          </div>
        </Group>
      ) : null}
    </Fragment>
  )
}

export const Entries = ({ asked }: { readonly asked: Asked<'audit-search'> }) => {
  const { audit } = useText()
  const list = useList('audit-search', { limit: 50, ...asked })
  if (list.error && !list.data) return <ProblemNote problem={list.error} again={list.refetch} />
  if (!list.data) return <Loading lines={8} />
  const entries = list.data.pages.flatMap((page) => page.entries.map(entryOf))
  if (entries.length === 0) return <Empty title={audit.none}>{audit.noneWhy}</Empty>
  return (
    <div aria-busy={list.isPlaceholderData}>
      {list.error ? <ProblemNote problem={list.error} again={list.refetch} /> : null}
      <EntryRows entries={entries} />
      <More shown={entries.length} list={list} />
    </div>
  )
}
