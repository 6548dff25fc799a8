import { Alert, NativeSelect, Paper, SegmentedControl, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRegion } from '../api/region.ts'
import { Code } from '../parts/copy.tsx'
import { Page } from '../parts/page.tsx'
import { connectRoute } from '../router.tsx'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { type Cloud, clients, linesFor } from './connect/lines.ts'

const regionName = (regions: ReturnType<typeof useSession>['regions'], id: string, cloud: Cloud): string | undefined =>
  regions.find((region) => region.id === id)?.names[cloud] ?? undefined

export const ConnectPage = () => {
  const { connect } = useText()
  const session = useSession()
  const region = useRegion() ?? session.region
  const { key: first = '' } = connectRoute.useSearch()
  const [cloud, choose] = useState<Cloud>('tencent')
  const [key, setKey] = useState(first)
  const name = regionName(session.regions, region, cloud)
  return (
    <Page title={connect.title} about={connect.about}>
      <Paper>
        <Stack>
          <SegmentedControl
            aria-label={connect.dialect}
            value={cloud}
            onChange={(value) => choose(value as Cloud)}
            data={[
              { value: 'tencent', label: 'Tencent Cloud' },
              { value: 'huawei', label: 'Huawei Cloud' },
            ]}
            style={{ alignSelf: 'flex-start' }}
          />
          <TextInput
            label={connect.key}
            description={connect.keyWhy}
            classNames={{ input: 'mono' }}
            value={key}
            maw={480}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          {name === undefined ? <Alert color="yellow">{connect.noRegion}</Alert> : null}
          <Clients cloud={cloud} region={name ?? ''} keyId={key.trim() || 'KEY_ID'} />
        </Stack>
      </Paper>
    </Page>
  )
}

interface ClientsProps {
  readonly cloud: Cloud
  readonly region: string
  readonly keyId: string
}

const Clients = ({ cloud, region, keyId }: ClientsProps) => {
  const { connect } = useText()
  const [chosen, choose] = useState('node')
  const lines = linesFor(cloud, { endpoint: location.origin, region, keyId })
  const there = clients.filter((client) => lines[client.id] !== undefined)
  const shown = lines[chosen] === undefined ? 'node' : chosen
  return (
    <>
      <NativeSelect
        hiddenFrom="sm"
        aria-label={connect.client}
        value={shown}
        data={there.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Tabs value={shown} onChange={(client) => choose(client ?? 'node')} keepMounted={false}>
        <Tabs.List visibleFrom="sm">
          {there.map(({ id, name }) => (
            <Tabs.Tab key={id} value={id}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {there.map(({ id, name }) => (
          <Tabs.Panel key={id} value={id} pt="md">
            <Stack gap="sm">
              {lines[id]?.map(({ what, code }) => (
                <div key={code}>
                  <Text size="sm" mb={4}>
                    {connect.steps[what]}
                  </Text>
                  <Code value={code} what={name} />
                </div>
              ))}
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
