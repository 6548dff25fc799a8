import { Alert, Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { AccessKey, Answered, Asked, User } from '../../api/actions.ts'
import { useChange, useRead } from '../../api/use.ts'
import { Ask } from '../../parts/ask.tsx'
import { Mono } from '../../parts/copy.tsx'
import { Facts, Section } from '../../parts/page.tsx'
import { ProblemNote, Ready } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { When } from '../../parts/when.tsx'
import { useText } from '../../text/language.tsx'
import { EnabledState } from '../users.tsx'

type Cloud = NonNullable<Asked<'access-key-create'>['dialect']>
type Made = Answered<'access-key-create'>

/** The secret is in this answer and nowhere else: the window closes only by the button that says so. */
const Secret = ({ made, onClose }: { readonly made: Made | undefined; onClose(): void }) => {
  const { accessKeys } = useText()
  return (
    <Modal
      opened={made !== undefined}
      onClose={onClose}
      title={accessKeys.made}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {made ? (
        <Stack>
          <Alert color="yellow">{accessKeys.once}</Alert>
          <Facts
            rows={[
              [accessKeys.id, <Mono key="id" value={made.id} what={accessKeys.id} />],
              [accessKeys.secret, <Mono key="secret" value={made.secret} what={accessKeys.secret} />],
            ]}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>{accessKeys.kept}</Button>
          </Group>
        </Stack>
      ) : null}
    </Modal>
  )
}

const Create = ({ user, onMade }: { readonly user: string; onMade(made: Made): void }) => {
  const { accessKeys } = useText()
  const [opened, open] = useState(false)
  const [dialect, choose] = useState<Cloud>('tencent')
  const create = useChange('access-key-create')
  const make = () =>
    create.mutate(
      { asked: { user, dialect } },
      {
        onSuccess: (made) => {
          open(false)
          onMade(made)
        },
      },
    )
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => open(true)}>
        {accessKeys.create}
      </Button>
      <Ask
        opened={opened}
        title={accessKeys.create}
        confirm={accessKeys.create}
        change={create}
        onConfirm={make}
        onClose={() => open(false)}
      >
        <NativeSelect
          label={accessKeys.dialect}
          description={accessKeys.dialectWhy}
          value={dialect}
          data={[
            { value: 'tencent', label: 'Tencent Cloud' },
            { value: 'huawei', label: 'Huawei Cloud' },
          ]}
          onChange={(event) => choose(event.currentTarget.value as Cloud)}
        />
      </Ask>
    </>
  )
}

const Changes = ({ of: accessKey }: { readonly of: AccessKey }) => {
  const { accessKeys, users } = useText()
  const [deleting, ask] = useState(false)
  const enable = useChange('access-key-enable')
  const disable = useChange('access-key-disable')
  const remove = useChange('access-key-delete')
  const { id, disabled } = accessKey
  const turn = disabled ? enable : disable
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        loading={turn.isPending}
        onClick={() => turn.mutate({ asked: { id } })}
      >
        {disabled ? users.enable : users.disable}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => ask(true)}>
        {accessKeys.delete}
      </Button>
      <Ask
        opened={deleting}
        title={accessKeys.delete}
        confirm={accessKeys.delete}
        danger
        change={remove}
        onConfirm={() => remove.mutate({ asked: { id } }, { onSuccess: () => ask(false) })}
        onClose={() => ask(false)}
      >
        <Text size="sm">{accessKeys.deleteWhat(id)}</Text>
      </Ask>
      {turn.error ? <ProblemNote problem={turn.error} /> : null}
    </Group>
  )
}

const Listed = ({ keys }: { readonly keys: readonly AccessKey[] }) => {
  const { accessKeys } = useText()
  if (keys.length === 0) return <Text c="dimmed">{accessKeys.none}</Text>
  return (
    <Rows
      label={accessKeys.title}
      columns={[
        { title: accessKeys.id },
        { title: accessKeys.dialect, wide: true },
        { title: accessKeys.state },
        { title: accessKeys.created, wide: true },
        { title: accessKeys.change },
      ]}
      rows={keys.map((each) => ({
        id: each.id,
        cells: [
          <Mono key="id" value={each.id} what={accessKeys.id} />,
          each.dialect,
          <EnabledState key="state" enabled={!each.disabled} />,
          <When key="created" at={each.createdAt} />,
          <Changes key="change" of={each} />,
        ],
      }))}
    />
  )
}

export const AccessKeys = ({ of: user }: { readonly of: User }) => {
  const { accessKeys } = useText()
  const [made, show] = useState<Made>()
  const read = useRead('access-key-list', {})
  return (
    <Section title={accessKeys.title} about={accessKeys.about} actions={<Create user={user.name} onMade={show} />}>
      <Secret made={made} onClose={() => show(undefined)} />
      <Ready of={read} lines={3}>
        {(read) => <Listed keys={read.accessKeys.filter((each) => each.user === user.id)} />}
      </Ready>
    </Section>
  )
}
