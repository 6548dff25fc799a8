/** One key: what it is above, and everything about it in tabs that have an address each. */
import { Alert, Badge, Group, Tabs, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { KeyDetail } from '../api/actions.ts'
import { useRead } from '../api/use.ts'
import { ButtonLink } from '../parts/button-link.tsx'
import { Mono } from '../parts/copy.tsx'
import { StateOf } from '../parts/key-state.tsx'
import { Page } from '../parts/page.tsx'
import { Loading, Ready } from '../parts/states.tsx'
import { When } from '../parts/when.tsx'
import { type KeyTab, keyRoute, keyTabs } from '../router.tsx'
import { useText } from '../text/language.tsx'
import { Overview } from './key/overview.tsx'

const Access = lazy(async () => ({ default: (await import('./key/access.tsx')).Access }))
const Use = lazy(async () => ({ default: (await import('./key/use.tsx')).Use }))
const Crypto = lazy(async () => ({ default: (await import('./key/crypto.tsx')).Crypto }))
const Clouds = lazy(async () => ({ default: (await import('./key/clouds.tsx')).Clouds }))
const KeyAudit = lazy(async () => ({ default: (await import('./key/audit.tsx')).KeyAudit }))
const Danger = lazy(async () => ({ default: (await import('./key/danger.tsx')).Danger }))

const panels: Record<KeyTab, React.ComponentType<{ detail: KeyDetail }>> = {
  overview: Overview,
  access: Access,
  use: Use,
  crypto: Crypto,
  clouds: Clouds,
  audit: KeyAudit,
  danger: Danger,
}

/** What the state asks the person to know, or to do. */
const Notice = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { key: text } = useText()
  if (key.state === 'destructionScheduled')
    return (
      <Alert color="red" title={text.willBeDestroyed}>
        <When at={key.destroyAt} /> · {text.willBeDestroyedWhy}
      </Alert>
    )
  if (key.state === 'preActive')
    return (
      <Alert color="yellow" title={text.noMaterial}>
        <Group justify="space-between">
          <Text size="sm">{text.noMaterialWhy}</Text>
          <ButtonLink to="/keys/$key/import" params={{ key: key.id }} size="compact-sm">
            {text.importMaterial}
          </ButtonLink>
        </Group>
      </Alert>
    )
  return null
}

const Head = ({ detail: { key } }: { readonly detail: KeyDetail }) => (
  <Group gap="md">
    <StateOf state={key.state} />
    <Badge variant="default" tt="none" fw={500} className="mono">
      {key.algorithm}
    </Badge>
    <Mono value={key.id} what="id" />
  </Group>
)

const Shown = ({ detail }: { readonly detail: KeyDetail }) => {
  const { tab = 'overview' } = keyRoute.useSearch()
  const navigate = useNavigate()
  const { key: text } = useText()
  const { key } = detail
  const choose = (chosen: string | null) =>
    void navigate({
      to: '/keys/$key',
      params: { key: key.id },
      search: chosen === 'overview' ? {} : { tab: chosen as KeyTab },
      replace: true,
    })
  return (
    <Page
      title={key.name || key.id}
      about={key.description}
      actions={
        <ButtonLink to="/connect" search={{ key: key.id }} variant="default">
          {text.connect}
        </ButtonLink>
      }
    >
      <Head detail={detail} />
      <Notice detail={detail} />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {keyTabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {keyTabs.map((each) => {
          const Panel = panels[each]
          return (
            <Tabs.Panel key={each} value={each} pt="lg">
              <Suspense fallback={<Loading />}>
                <Panel detail={detail} />
              </Suspense>
            </Tabs.Panel>
          )
        })}
      </Tabs>
    </Page>
  )
}

export const KeyPage = () => {
  const { key } = keyRoute.useParams()
  const read = useRead('key-show', { key })
  return <Ready of={read}>{(detail) => <Shown detail={detail} />}</Ready>
}
