import { Badge, Group, Paper } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { User } from '../api/actions.ts'
import { useChange, useRead } from '../api/use.ts'
import { NameField } from '../parts/name-field.tsx'
import { NewThing } from '../parts/new-thing.tsx'
import { Page } from '../parts/page.tsx'
import { Ready } from '../parts/states.tsx'
import { Rows } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useText } from '../text/language.tsx'

const NewUser = () => {
  const { users } = useText()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const create = useChange('user-create')
  const make = () =>
    create.mutate(
      { asked: { name: name.trim() } },
      { onSuccess: () => void navigate({ to: '/users/$user', params: { user: name.trim() } }) },
    )
  return (
    <NewThing title={users.create} ready={name.trim() !== ''} change={create} onConfirm={make}>
      <NameField text={users} value={name} onName={setName} />
    </NewThing>
  )
}

export const EnabledState = ({ enabled }: { readonly enabled: boolean }) => {
  const { common } = useText()
  return (
    <span className="state" data-tone={enabled ? 'good' : 'quiet'}>
      {enabled ? common.enabled : common.disabled}
    </span>
  )
}

const Listed = ({ users: found }: { readonly users: readonly User[] }) => {
  const { users } = useText()
  return (
    <Rows
      label={users.title}
      columns={[
        { title: users.name },
        { title: users.state },
        { title: users.number, wide: true },
        { title: users.created, wide: true },
      ]}
      rows={found.map((user) => ({
        id: user.id,
        cells: [
          <Group key="name" gap="xs">
            <Link to="/users/$user" params={{ user: user.name }} className="row-link">
              {user.name}
            </Link>
            {user.root ? (
              <Badge size="sm" variant="default" tt="none">
                {users.root}
              </Badge>
            ) : null}
          </Group>,
          <EnabledState key="state" enabled={!user.disabled} />,
          <span key="number" className="mono">
            {user.id}
          </span>,
          <When key="created" at={user.createdAt} />,
        ],
      }))}
    />
  )
}

export const UsersPage = () => {
  const { users } = useText()
  const read = useRead('user-list', {})
  return (
    <Page title={users.title} about={users.about} actions={<NewUser />}>
      <Paper>
        <Ready of={read}>{(listed) => <Listed users={listed.users} />}</Ready>
      </Paper>
    </Page>
  )
}
