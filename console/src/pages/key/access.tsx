import { Button, Checkbox, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Asked, Grant, KeyDetail } from '../../api/actions.ts'
import { useChange, useList } from '../../api/use.ts'
import { Ask } from '../../parts/ask.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { Section } from '../../parts/page.tsx'
import { Loading, ProblemNote } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { When } from '../../parts/when.tsx'
import { useText } from '../../text/language.tsx'

type Lent = Asked<'grant-create'>['rights'][number]

const lendable: readonly Lent[] = [
  'describe',
  'encrypt',
  'decrypt',
  'generateDataKey',
  'getPublicKey',
  'sign',
  'verify',
  'generateMac',
  'verifyMac',
]

const NewGrant = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { access } = useText()
  const [opened, open] = useState(false)
  const [user, setUser] = useState('')
  const [rights, choose] = useState<Lent[]>([])
  const create = useChange('grant-create')
  const give = () =>
    create.mutate({ asked: { key: key.id, user: user.trim(), rights } }, { onSuccess: () => open(false) })
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => open(true)}>
        {access.grant}
      </Button>
      <Ask
        opened={opened}
        title={access.grant}
        confirm={access.grant}
        ready={user.trim() !== '' && rights.length > 0}
        change={create}
        onConfirm={give}
        onClose={() => open(false)}
      >
        <TextInput label={access.user} required value={user} onChange={(event) => setUser(event.currentTarget.value)} />
        <Checkbox.Group label={access.mayDo} value={rights} onChange={(chosen) => choose(chosen as Lent[])}>
          <SimpleGrid cols={2} mt="xs" spacing="xs">
            {lendable.map((right) => (
              <Checkbox key={right} value={right} label={<span className="mono">{right}</span>} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      </Ask>
    </>
  )
}

const Grants = ({ detail }: { readonly detail: KeyDetail }) => {
  const { key, grants } = detail
  const { access } = useText()
  const [revoking, revoke] = useState<Grant>()
  const change = useChange('grant-revoke')
  return (
    <Section title={access.grants} about={access.grantsWhy} actions={<NewGrant detail={detail} />}>
      {grants.length === 0 ? (
        <Text c="dimmed">{access.noGrants}</Text>
      ) : (
        <Rows
          label={access.grants}
          columns={[
            { title: access.grantee },
            { title: access.mayDo },
            { title: access.since, wide: true },
            { title: access.change },
          ]}
          rows={grants.map((grant) => ({
            id: grant.id,
            cells: [
              <span key="who" className="mono">
                {grant.grantee}
              </span>,
              grant.operations.join(', '),
              <When key="since" at={grant.createdAt} />,
              <Button key="revoke" size="compact-sm" variant="default" onClick={() => revoke(grant)}>
                {access.revoke}
              </Button>,
            ],
          }))}
        />
      )}
      <Ask
        opened={revoking !== undefined}
        title={access.revoke}
        confirm={access.revoke}
        danger
        change={change}
        onConfirm={() =>
          revoking &&
          change.mutate({ asked: { key: key.id, grant: revoking.id } }, { onSuccess: () => revoke(undefined) })
        }
        onClose={() => revoke(undefined)}
      >
        <Text size="sm">{access.revokeWhat(revoking?.grantee ?? '')}</Text>
      </Ask>
    </Section>
  )
}

const Bindings = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { access } = useText()
  const list = useList('binding-list', { key: key.id })
  const bindings = list.data?.pages.flatMap((page) => page.bindings)
  return (
    <Section title={access.bindings} about={access.bindingsWhy}>
      {list.error ? <ProblemNote problem={list.error} again={list.refetch} /> : null}
      {bindings === undefined && !list.error ? <Loading lines={2} /> : null}
      {bindings?.length === 0 ? <Text c="dimmed">{access.noBindings}</Text> : null}
      {bindings && bindings.length > 0 ? (
        <Rows
          label={access.bindings}
          columns={[{ title: access.product }, { title: access.resource }]}
          rows={bindings.map(({ product, resource }) => ({ id: `${product} ${resource}`, cells: [product, resource] }))}
        />
      ) : null}
    </Section>
  )
}

const DataKeys = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { access, keys } = useText()
  const list = useList('data-key-list', { key: key.id })
  const dataKeys = list.data?.pages.flatMap((page) => page.dataKeys)
  return (
    <Section title={access.dataKeys} about={access.dataKeysWhy}>
      {list.error ? <ProblemNote problem={list.error} again={list.refetch} /> : null}
      {dataKeys === undefined && !list.error ? <Loading lines={2} /> : null}
      {dataKeys?.length === 0 ? <Text c="dimmed">{access.noDataKeys}</Text> : null}
      {dataKeys && dataKeys.length > 0 ? (
        <Rows
          label={access.dataKeys}
          columns={[{ title: keys.name }, { title: keys.state }, { title: keys.created, wide: true }]}
          rows={dataKeys.map((each) => ({
            id: each.id,
            cells: [each.name || each.id, each.state, <When key="created" at={each.createdAt} />],
          }))}
        />
      ) : null}
    </Section>
  )
}

export const Access = ({ detail }: { readonly detail: KeyDetail }) => {
  const { access } = useText()
  return (
    <Stack>
      <Section
        title={access.policies}
        about={access.policiesWhy}
        actions={
          <ButtonLink to="/simulator" search={{ key: detail.key.id }} size="compact-sm" variant="default">
            {access.simulate}
          </ButtonLink>
        }
      >
        <Text size="sm">{access.policiesHow}</Text>
      </Section>
      <Grants detail={detail} />
      <Bindings detail={detail} />
      <DataKeys detail={detail} />
    </Stack>
  )
}
