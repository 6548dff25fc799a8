import { Paper, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useRead } from '../api/use.ts'
import { Facts, Page, Section } from '../parts/page.tsx'
import { Loading, Ready } from '../parts/states.tsx'
import { Rows } from '../parts/table.tsx'
import { useSession } from '../session.tsx'
import { useSpeech, useText } from '../text/language.tsx'

const ThroughputChart = lazy(async () => ({ default: (await import('../parts/charts.tsx')).ThroughputChart }))
const LatencyChart = lazy(async () => ({ default: (await import('../parts/charts.tsx')).LatencyChart }))

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What the server tells by name and value, as it tells it. */
const Told = ({ members }: { readonly members: Readonly<Record<string, unknown>> }) => (
  <Facts
    rows={Object.entries(members)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [
        name,
        <span key={name} className="mono">
          {shown(value)}
        </span>,
      ])}
  />
)

const Load = () => {
  const { system } = useText()
  const [minutes, choose] = useState('60')
  const read = useRead('metrics-series', { minutes: Number(minutes) }, { every: 15_000 })
  return (
    <Stack>
      <SegmentedControl
        aria-label={system.span}
        style={{ alignSelf: 'flex-start' }}
        value={minutes}
        onChange={choose}
        data={[
          { value: '15', label: system.quarter },
          { value: '60', label: system.hour },
          { value: '180', label: system.hours },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={system.throughput} about={system.perMinute}>
          <Ready of={read}>
            {({ points }) => (
              <Suspense fallback={<Loading />}>
                <ThroughputChart points={points} />
              </Suspense>
            )}
          </Ready>
        </Section>
        <Section title={system.latency} about={system.latencyWhy}>
          <Ready of={read}>
            {({ points }) => (
              <Suspense fallback={<Loading />}>
                <LatencyChart points={points} />
              </Suspense>
            )}
          </Ready>
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

const Nodes = () => {
  const { system } = useText()
  const read = useRead('nodes', {}, { every: 15_000 })
  return (
    <Section title={system.nodes} about={system.nodesWhy}>
      <Ready of={read} lines={2}>
        {({ nodes }) =>
          nodes.length === 0 ? (
            <Text c="dimmed">{system.alone}</Text>
          ) : (
            <Rows
              label={system.nodes}
              columns={Object.keys(nodes[0] ?? {}).map((title) => ({ title }))}
              rows={nodes.map((node, index) => ({
                id: String(node.id ?? index),
                cells: Object.values(node).map(shown),
              }))}
            />
          )
        }
      </Ready>
    </Section>
  )
}

const One = ({
  action,
  title,
  about,
}: {
  readonly action: 'seal-status' | 'canaries' | 'limits' | 'status'
  readonly title: string
  readonly about: string
}) => {
  const read = useRead(action, {}, { every: 30_000 })
  return (
    <Section title={title} about={about}>
      <Ready of={read} lines={3}>
        {(told) => <Told members={action === 'status' ? (told as { status: Record<string, unknown> }).status : told} />}
      </Ready>
    </Section>
  )
}

export const SystemPage = () => {
  const { system } = useText()
  const { time } = useSpeech()
  const session = useSession()
  return (
    <Page title={system.title} about={system.about}>
      <Load />
      {session.operator ? null : <Paper>{system.notOperator}</Paper>}
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Section title={system.version}>
          <Facts
            rows={[
              ['Keystead', session.version],
              [system.session, session.expiresAt ? time(session.expiresAt) : ''],
            ]}
          />
        </Section>
        <One action="status" title={system.status} about={system.statusWhy} />
        <One action="seal-status" title={system.seal} about={system.sealWhy} />
        <One action="canaries" title={system.canaries} about={system.canariesWhy} />
        <One action="limits" title={system.limits} about={system.limitsWhy} />
        <Nodes />
      </SimpleGrid>
    </Page>
  )
}
