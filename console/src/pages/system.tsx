import { Paper, SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useRead } from '../api/use.ts'
import { Facts, Page, Section } from '../parts/page.tsx'
import { Loading, Ready } from '../parts/states.tsx'
import { Rows } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useSession } from '../session.tsx'
import { useSpeech, useText } from '../text/language.tsx'
import { Uses } from './system/uses.tsx'

const ThroughputChart = lazy(async () => ({ default: (await import('../parts/charts.tsx')).ThroughputChart }))
const LatencyChart = lazy(async () => ({ default: (await import('../parts/charts.tsx')).LatencyChart }))

const Value = ({ value }: { readonly value: string }) => <span className="mono">{value}</span>

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
        {({ nodes }) => (
          <Rows
            label={system.nodes}
            columns={[{ title: system.node }, { title: system.program }, { title: system.generation }]}
            rows={nodes.map(({ name, program, generation }) => ({
              id: name,
              cells: [name, program ?? '—', generation ?? '—'],
            }))}
          />
        )}
      </Ready>
    </Section>
  )
}

const Seal = () => {
  const { system } = useText()
  const read = useRead('seal-status', {}, { every: 30_000 })
  return (
    <Section title={system.seal} about={system.sealWhy}>
      <Ready of={read} lines={3}>
        {({ seal, sealed, fault, generation, generations, settled }) => (
          <Facts
            rows={[
              [
                system.state,
                <span key="state" className="state" data-tone={sealed ? 'bad' : 'good'}>
                  {sealed ? system.sealed : system.open}
                </span>,
              ],
              [system.sealedBy, <Value key="seal" value={seal} />],
              [system.generation, `${generation} / ${generations}`],
              [system.rotation, settled ? system.settled : system.unsettled],
              ...(fault ? ([[system.fault, fault]] as const) : []),
            ]}
          />
        )}
      </Ready>
    </Section>
  )
}

const Canaries = () => {
  const { text, number } = useSpeech()
  const { system } = text
  const read = useRead('canaries', {}, { every: 30_000 })
  return (
    <Section title={system.canaries} about={system.canariesWhy}>
      <Ready of={read} lines={3}>
        {({ startedAt, done, checked, failed }) => (
          <Facts
            rows={[
              [
                system.state,
                <span key="state" className="state" data-tone={failed.length > 0 ? 'bad' : 'good'}>
                  {failed.length > 0 ? system.canariesFailed : system.canariesGood}
                </span>,
              ],
              [system.passBegan, <When key="began" at={startedAt} />],
              [system.passIs, done ? system.passDone : system.passRuns],
              [system.checked, number(checked)],
              ...(failed.length > 0
                ? ([[system.failed, <Value key="failed" value={failed.join(', ')} />]] as const)
                : []),
            ]}
          />
        )}
      </Ready>
    </Section>
  )
}

const Limits = () => {
  const { text, number } = useSpeech()
  const { system } = text
  const read = useRead('limits', {}, { every: 30_000 })
  const of = (count: number, max: number | null) => (max === null ? number(count) : `${number(count)} / ${number(max)}`)
  return (
    <Section title={system.limits} about={system.limitsWhy}>
      <Ready of={read} lines={3}>
        {({ keys, dataKeys, keysMax, dataKeysMax, whiteBoxKeysMax }) => (
          <Facts
            rows={[
              [system.keys, of(keys, keysMax)],
              [system.dataKeys, of(dataKeys, dataKeysMax)],
              [system.whiteBoxKeys, number(whiteBoxKeysMax)],
            ]}
          />
        )}
      </Ready>
    </Section>
  )
}

const Status = () => {
  const { system } = useText()
  const read = useRead('status', {}, { every: 30_000 })
  return (
    <Section title={system.status} about={system.statusWhy}>
      <Ready of={read} lines={3}>
        {({ status }) => (
          <Facts
            rows={Object.entries(status).map(([name, value]) => [name, <Value key={name} value={String(value)} />])}
          />
        )}
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
      <Uses />
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
        <Seal />
        <Canaries />
        <Limits />
        <Nodes />
        <Status />
      </SimpleGrid>
    </Page>
  )
}
