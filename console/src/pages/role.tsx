import { Button, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Role } from '../api/actions.ts'
import { useChange, useRead } from '../api/use.ts'
import { Ask } from '../parts/ask.tsx'
import { Mono } from '../parts/copy.tsx'
import { Facts, Page, Section } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { When } from '../parts/when.tsx'
import { roleRoute } from '../router.tsx'
import { useText } from '../text/language.tsx'
import { Policies } from './user/policies.tsx'

const Delete = ({ of: role }: { readonly of: Role }) => {
  const { roles } = useText()
  const navigate = useNavigate()
  const [opened, open] = useState(false)
  const change = useChange('role-delete')
  // What a mutation calls back is lost where the list, read anew, has taken this away already; its promise is not.
  const remove = () =>
    void change.mutateAsync({ asked: { name: role.name } }).then(
      () => navigate({ to: '/roles' }),
      () => {},
    )
  return (
    <>
      <Button variant="default" onClick={() => open(true)}>
        {roles.delete}
      </Button>
      <Ask
        opened={opened}
        title={roles.delete}
        confirm={roles.delete}
        danger
        change={change}
        onConfirm={remove}
        onClose={() => open(false)}
      >
        <Text size="sm">{roles.deleteWhat(role.name)}</Text>
      </Ask>
    </>
  )
}

const Shown = ({ of: role }: { readonly of: Role }) => {
  const { roles } = useText()
  return (
    <Page title={role.name} actions={<Delete of={role} />}>
      <Stack>
        <Section title={roles.facts}>
          <Facts
            rows={[
              [roles.number, <Mono key="id" value={role.id} what={roles.number} />],
              [
                roles.trusts,
                <span key="trusts" className="mono">
                  {role.trusts.join(', ')}
                </span>,
              ],
              [roles.seconds, role.sessionSecondsMax],
              [roles.created, <When key="created" at={role.createdAt} />],
            ]}
          />
        </Section>
        <Policies of={{ role: role.name }} />
      </Stack>
    </Page>
  )
}

export const RolePage = () => {
  const { roles } = useText()
  const { role: name } = roleRoute.useParams()
  const read = useRead('role-list', {})
  return (
    <Ready of={read}>
      {(listed) => {
        const role = listed.roles.find((each) => each.name === name)
        return role ? <Shown of={role} /> : <Empty title={roles.gone(name)} />
      }}
    </Ready>
  )
}
