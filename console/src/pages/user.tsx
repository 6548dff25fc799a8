import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { User } from '../api/actions.ts'
import { useChange, useRead } from '../api/use.ts'
import { Ask } from '../parts/ask.tsx'
import { Mono } from '../parts/copy.tsx'
import { Facts, Page, Section } from '../parts/page.tsx'
import { Ready } from '../parts/states.tsx'
import { tell } from '../parts/told.ts'
import { When } from '../parts/when.tsx'
import { userRoute } from '../router.tsx'
import { useText } from '../text/language.tsx'
import { AccessKeys } from './user/access-keys.tsx'
import { Policies } from './user/policies.tsx'
import { EnabledState } from './users.tsx'

interface OfUser {
  readonly of: User
}

const Password = ({ of: user }: OfUser) => {
  const { users, common } = useText()
  const [opened, open] = useState(false)
  const [password, set] = useState('')
  const change = useChange('user-password')
  const save = () =>
    change.mutate(
      { asked: { user: user.name, password } },
      {
        onSuccess: () => {
          open(false)
          set('')
          tell(users.passwordChanged)
        },
      },
    )
  return (
    <>
      <Button variant="default" onClick={() => open(true)}>
        {users.setPassword}
      </Button>
      <Ask
        opened={opened}
        title={users.setPassword}
        confirm={common.save}
        ready={password !== ''}
        change={change}
        onConfirm={save}
        onClose={() => open(false)}
      >
        <PasswordInput
          label={users.newPassword}
          description={users.passwordWhy}
          autoComplete="new-password"
          value={password}
          onChange={(event) => set(event.currentTarget.value)}
        />
      </Ask>
    </>
  )
}

const Enable = ({ of: user }: OfUser) => {
  const { users } = useText()
  const [opened, open] = useState(false)
  const change = useChange('user-change')
  const set = (disabled: boolean) =>
    change.mutate({ asked: { user: user.name, disabled } }, { onSuccess: () => open(false) })
  if (user.disabled)
    return (
      <Button variant="default" loading={change.isPending} onClick={() => set(false)}>
        {users.enable}
      </Button>
    )
  return (
    <>
      <Button variant="default" onClick={() => open(true)}>
        {users.disable}
      </Button>
      <Ask
        opened={opened}
        title={users.disable}
        confirm={users.disable}
        danger
        change={change}
        onConfirm={() => set(true)}
        onClose={() => open(false)}
      >
        <Text size="sm">{users.disableWhat(user.name)}</Text>
      </Ask>
    </>
  )
}

const Delete = ({ of: user }: OfUser) => {
  const { users } = useText()
  const navigate = useNavigate()
  const [opened, open] = useState(false)
  const change = useChange('user-delete')
  return (
    <>
      <Button variant="default" onClick={() => open(true)}>
        {users.delete}
      </Button>
      <Ask
        opened={opened}
        title={users.delete}
        confirm={users.delete}
        danger
        change={change}
        onConfirm={() =>
          change.mutate({ asked: { user: user.name } }, { onSuccess: () => void navigate({ to: '/users' }) })
        }
        onClose={() => open(false)}
      >
        <Text size="sm">{users.deleteWhat(user.name)}</Text>
      </Ask>
    </>
  )
}

const Shown = ({ of: user }: OfUser) => {
  const { users } = useText()
  return (
    <Page
      title={user.name}
      actions={
        <Group gap="xs">
          <Password of={user} />
          {user.root ? null : <Enable of={user} />}
          {user.root ? null : <Delete of={user} />}
        </Group>
      }
    >
      <Stack>
        <Section title={users.facts}>
          <Facts
            rows={[
              [users.number, <Mono key="id" value={user.id} what={users.number} />],
              [users.state, <EnabledState key="state" enabled={!user.disabled} />],
              [users.created, <When key="created" at={user.createdAt} />],
              ...(user.root ? ([[users.root, users.rootWhy]] as const) : []),
            ]}
          />
        </Section>
        <AccessKeys of={user} />
        <Policies of={{ user: user.name }} root={user.root} />
      </Stack>
    </Page>
  )
}

export const UserPage = () => {
  const { user } = userRoute.useParams()
  const read = useRead('user-show', { user })
  return <Ready of={read}>{(shown) => <Shown of={shown} />}</Ready>
}
