/** The record: filtered, followed as it grows, and taken away as a file. */
import { Button, Group, NativeSelect, Paper, Switch, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Asked, AuditEntry } from '../api/actions.ts'
import { call, Problem } from '../api/call.ts'
import { useRegion } from '../api/region.ts'
import { Entries, entryOf } from '../parts/entries.tsx'
import { Page } from '../parts/page.tsx'
import { ProblemNote } from '../parts/states.tsx'
import { type AuditFilter, auditRoute, outcomes } from '../router.tsx'
import { useText } from '../text/language.tsx'
import { Tail } from './audit/tail.tsx'

const dialects = ['tencent', 'huawei', 'native'] as const

const instant = (local: string | undefined): string | undefined => (local ? new Date(local).toISOString() : undefined)

const askedOf = ({ from, to, ...filter }: AuditFilter): Asked<'audit-search'> => ({
  ...filter,
  ...(from ? { from: instant(from) } : {}),
  ...(to ? { to: instant(to) } : {}),
})

const exportMax = 50_000

/** Every entry that the filter finds, page by page, as lines of JSON. */
const everything = async (asked: Asked<'audit-search'>, region: string | undefined): Promise<AuditEntry[]> => {
  const found: AuditEntry[] = []
  let cursor: string | undefined
  do {
    const page = await call(
      'audit-search',
      { ...asked, limit: 200, ...(cursor === undefined ? {} : { cursor }) },
      { region },
    )
    found.push(...page.entries.map(entryOf))
    cursor = page.next ?? undefined
  } while (cursor !== undefined && found.length < exportMax)
  return found
}

const save = (entries: readonly AuditEntry[]): void => {
  const blob = new Blob(
    entries.map((entry) => `${JSON.stringify(entry)}\n`),
    { type: 'application/jsonl' },
  )
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `keystead-audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`
  link.click()
  URL.revokeObjectURL(link.href)
}

const Export = ({ asked }: { readonly asked: Asked<'audit-search'> }) => {
  const { audit } = useText()
  const region = useRegion()
  const [busy, set] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const run = async () => {
    set(true)
    setProblem(undefined)
    try {
      save(await everything(asked, region))
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem({}))
    }
    set(false)
  }
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={17} aria-hidden />} loading={busy} onClick={run}>
        {audit.export}
      </Button>
      {problem ? <ProblemNote problem={problem} /> : null}
    </>
  )
}

const Filters = ({ filter, apply }: { readonly filter: AuditFilter; apply(filter: AuditFilter): void }) => {
  const { audit } = useText()
  const [entered, set] = useState<AuditFilter>(filter)
  const bind = (member: keyof AuditFilter) => ({
    value: entered[member] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => set({ ...entered, [member]: event.currentTarget.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    apply(Object.fromEntries(Object.entries(entered).filter(([, value]) => value !== '')))
  }
  const clear = () => {
    set({})
    apply({})
  }
  const wide = { style: { flex: '1 1 12rem' } }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput label={audit.key} {...wide} {...bind('key')} />
        <TextInput label={audit.who} {...wide} {...bind('principal')} />
        <TextInput label={audit.action} {...wide} {...bind('action')} />
        <NativeSelect
          label={audit.outcome}
          data={[
            { value: '', label: audit.any },
            ...outcomes.map((value) => ({ value, label: audit.outcomes[value] })),
          ]}
          {...bind('outcome')}
        />
        <NativeSelect
          label={audit.dialect}
          data={[{ value: '', label: audit.any }, ...dialects.map((value) => ({ value, label: value }))]}
          {...bind('dialect')}
        />
        <TextInput type="datetime-local" label={audit.from} {...bind('from')} />
        <TextInput type="datetime-local" label={audit.to} {...bind('to')} />
        <TextInput label={audit.request} {...wide} {...bind('request')} />
        <TextInput label={audit.anywhere} {...wide} {...bind('text')} />
        <Button type="submit">{audit.find}</Button>
        <Button variant="default" onClick={clear}>
          {audit.clear}
        </Button>
      </Group>
    </form>
  )
}

export const AuditPage = () => {
  const { audit } = useText()
  const filter = auditRoute.useSearch()
  const navigate = useNavigate()
  const [following, follow] = useState(false)
  const asked = askedOf(filter)
  return (
    <Page
      title={audit.title}
      about={audit.about}
      actions={
        <>
          <Switch label={audit.follow} checked={following} onChange={(event) => follow(event.currentTarget.checked)} />
          <Export asked={asked} />
        </>
      }
    >
      <Paper>
        <Filters
          key={JSON.stringify(filter)}
          filter={filter}
          apply={(search) => void navigate({ to: '/audit', search, replace: true })}
        />
      </Paper>
      {following ? <Tail key={JSON.stringify(asked)} asked={asked} /> : null}
      <Paper>
        <Entries asked={asked} />
      </Paper>
    </Page>
  )
}
