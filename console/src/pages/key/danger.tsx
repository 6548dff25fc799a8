/** What can hurt, with who would notice it first. */
import { Alert, Button, Group, List, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Answered, Key, KeyDetail } from '../../api/actions.ts'
import { useChange, useRead } from '../../api/use.ts'
import { Ask } from '../../parts/ask.tsx'
import { Section } from '../../parts/page.tsx'
import { ProblemNote, Ready } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { tell } from '../../parts/told.ts'
import { When } from '../../parts/when.tsx'
import { useSpeech, useText } from '../../text/language.tsx'

interface OfKey {
  readonly of: Key
}

type Use = Answered<'key-impact'>['uses'][number]

/** Whoever would be refused would be so of every version alike. */
const byCaller = (uses: readonly Use[]): Use[] => {
  const callers = new Map<string, Use>()
  for (const use of uses) {
    const name = `${use.principal} ${use.dialect}`
    const known = callers.get(name)
    if (!known) callers.set(name, use)
    else
      callers.set(name, {
        ...known,
        count: known.count + use.count,
        lastAt:
          [known.lastAt, use.lastAt]
            .filter((at) => at !== null)
            .sort()
            .at(-1) ?? null,
        sources: [...new Set([...known.sources, ...use.sources])],
      })
  }
  return [...callers.values()]
}

/** Who used the key in the last weeks, from where, through which dialect, and what hangs on it. */
const WhatBreaks = ({ of: key }: OfKey) => {
  const { text, number } = useSpeech()
  const { danger, use } = text
  const read = useRead('key-impact', { key: key.id, days: 30 })
  return (
    <Ready of={read} lines={3}>
      {({ uses, bindings, aliases, dataKeys, grants }) => (
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {uses.length === 0 ? danger.unused : danger.usedBy(new Set(uses.map(({ principal }) => principal)).size)}
          </Text>
          {uses.length > 0 ? (
            <Rows
              label={danger.whatBreaks}
              columns={[
                { title: use.who },
                { title: use.dialect },
                { title: danger.from },
                { title: use.count },
                { title: danger.last },
              ]}
              rows={byCaller(uses).map((row) => ({
                id: `${row.principal} ${row.dialect}`,
                cells: [
                  row.principalName || row.principal,
                  row.dialect,
                  row.sources.join(', '),
                  number(row.count),
                  <When key="last" at={row.lastAt} />,
                ],
              }))}
            />
          ) : null}
          {bindings + aliases + dataKeys + grants > 0 ? (
            <List size="sm">
              {bindings > 0 ? <List.Item>{danger.bindings(bindings)}</List.Item> : null}
              {aliases > 0 ? <List.Item>{danger.aliases(aliases)}</List.Item> : null}
              {dataKeys > 0 ? <List.Item>{danger.dataKeys(dataKeys)}</List.Item> : null}
              {grants > 0 ? <List.Item>{danger.grants(grants)}</List.Item> : null}
            </List>
          ) : null}
        </Stack>
      )}
    </Ready>
  )
}

interface RowProps {
  readonly title: string
  readonly what: string
  readonly children: ReactNode
}

const Row = ({ title, what, children }: RowProps) => (
  <Group justify="space-between" align="flex-start" gap="sm">
    <div style={{ flex: '1 1 20rem' }}>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed">
        {what}
      </Text>
    </div>
    {children}
  </Group>
)

const Suspend = ({ of: key }: OfKey) => {
  const { danger } = useText()
  const [opened, open] = useState(false)
  const suspend = useChange('key-suspend')
  const resume = useChange('key-resume')
  if (key.state === 'suspended')
    return (
      <>
        <Row title={danger.resume} what={danger.resumeWhat}>
          <Button
            variant="default"
            loading={resume.isPending}
            onClick={() => resume.mutate({ asked: { key: key.id } }, { onSuccess: () => tell(danger.resumed) })}
          >
            {danger.resume}
          </Button>
        </Row>
        {resume.error ? <ProblemNote problem={resume.error} /> : null}
      </>
    )
  if (key.state !== 'active') return null
  return (
    <Row title={danger.suspend} what={danger.suspendWhat}>
      <Button variant="default" onClick={() => open(true)}>
        {danger.suspend}
      </Button>
      <Ask
        opened={opened}
        title={danger.suspendThe(key.name)}
        confirm={danger.suspend}
        danger
        size="lg"
        change={suspend}
        onConfirm={() =>
          suspend.mutate(
            { asked: { key: key.id }, revision: key.revision },
            {
              onSuccess: () => {
                open(false)
                tell(danger.suspended)
              },
            },
          )
        }
        onClose={() => open(false)}
      >
        <WhatBreaks of={key} />
      </Ask>
    </Row>
  )
}

const Destroy = ({ of: key }: OfKey) => {
  const { danger } = useText()
  const [opened, open] = useState(false)
  const [days, setDays] = useState(7)
  const [typed, type] = useState('')
  const schedule = useChange('key-schedule-destruction')
  if (key.state === 'destroyed' || key.state === 'destructionScheduled') return null
  const name = key.name || key.id
  return (
    <Row title={danger.destroy} what={danger.destroyWhat}>
      <Button color="red.8" onClick={() => open(true)}>
        {danger.destroy}
      </Button>
      <Ask
        opened={opened}
        title={danger.destroyThe(name)}
        confirm={danger.schedule}
        danger
        size="lg"
        ready={typed === name}
        change={schedule}
        onConfirm={() =>
          schedule.mutate(
            { asked: { key: key.id, days }, revision: key.revision },
            {
              onSuccess: () => {
                open(false)
                type('')
                tell(danger.scheduled)
              },
            },
          )
        }
        onClose={() => open(false)}
      >
        <Alert color="red">{danger.forever}</Alert>
        <WhatBreaks of={key} />
        <NumberInput label={danger.days} min={7} max={30} value={days} onChange={(value) => setDays(Number(value))} />
        <TextInput
          label={danger.typeName(name)}
          value={typed}
          autoComplete="off"
          onChange={(event) => type(event.currentTarget.value)}
        />
      </Ask>
    </Row>
  )
}

const Cancel = ({ of: key }: OfKey) => {
  const { danger } = useText()
  const cancel = useChange('key-cancel-destruction')
  if (key.state !== 'destructionScheduled') return null
  return (
    <>
      <Row title={danger.cancel} what={danger.cancelWhat}>
        <Button
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ asked: { key: key.id } }, { onSuccess: () => tell(danger.cancelled) })}
        >
          {danger.cancel}
        </Button>
      </Row>
      {cancel.error ? <ProblemNote problem={cancel.error} /> : null}
    </>
  )
}

const DeleteMaterial = ({ of: key }: OfKey) => {
  const { danger } = useText()
  const [opened, open] = useState(false)
  const remove = useChange('key-delete-material')
  if (key.origin !== 'imported' || !key.materialPresent) return null
  return (
    <Row title={danger.deleteMaterial} what={danger.deleteMaterialWhat}>
      <Button variant="default" onClick={() => open(true)}>
        {danger.deleteMaterial}
      </Button>
      <Ask
        opened={opened}
        title={danger.deleteMaterial}
        confirm={danger.deleteMaterial}
        danger
        size="lg"
        change={remove}
        onConfirm={() =>
          remove.mutate({ asked: { key: key.id }, revision: key.revision }, { onSuccess: () => open(false) })
        }
        onClose={() => open(false)}
      >
        <WhatBreaks of={key} />
      </Ask>
    </Row>
  )
}

export const Danger = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { danger } = useText()
  return (
    <Stack>
      <Section title={danger.whatBreaks} about={danger.whatBreaksWhy}>
        <WhatBreaks of={key} />
      </Section>
      <Section title={danger.title} className="danger-zone">
        <Stack gap="lg">
          <Suspend of={key} />
          <DeleteMaterial of={key} />
          <Cancel of={key} />
          <Destroy of={key} />
        </Stack>
      </Section>
    </Stack>
  )
}
