import { NumberInput, Paper, TagsInput, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Role } from '../api/actions.ts'
import { useChange, useRead } from '../api/use.ts'
import { NameField } from '../parts/name-field.tsx'
import { NewThing } from '../parts/new-thing.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { Rows } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { useText } from '../text/language.tsx'

const secondsMin = 60
const secondsMax = 43_200

const NewRole = () => {
  const { roles } = useText()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [trusts, setTrusts] = useState<string[]>([])
  const [externalId, setExternalId] = useState('')
  const [seconds, setSeconds] = useState<number>(secondsMax)
  const create = useChange('role-create')
  const asked = {
    name: name.trim(),
    trusts,
    sessionSecondsMax: seconds,
    ...(externalId === '' ? {} : { externalId }),
  }
  return (
    <NewThing
      title={roles.create}
      ready={asked.name !== '' && trusts.length > 0}
      change={create}
      onConfirm={() =>
        create.mutate(
          { asked },
          { onSuccess: () => void navigate({ to: '/roles/$role', params: { role: asked.name } }) },
        )
      }
    >
      <NameField text={roles} value={name} onName={setName} />
      <TagsInput
        label={roles.trusts}
        description={roles.trustsWhy}
        required
        maxTags={100}
        acceptValueOnBlur
        value={trusts}
        onChange={setTrusts}
      />
      <TextInput
        label={roles.externalId}
        description={roles.externalIdWhy}
        maxLength={128}
        value={externalId}
        onChange={(event) => setExternalId(event.currentTarget.value)}
      />
      <NumberInput
        label={roles.seconds}
        min={secondsMin}
        max={secondsMax}
        allowDecimal={false}
        value={seconds}
        onChange={(value) => setSeconds(Number(value) || secondsMax)}
      />
    </NewThing>
  )
}

const Listed = ({ roles: found }: { readonly roles: readonly Role[] }) => {
  const { roles } = useText()
  if (found.length === 0) return <Empty title={roles.none}>{roles.noneWhy}</Empty>
  return (
    <Rows
      label={roles.title}
      columns={[
        { title: roles.name },
        { title: roles.trusts },
        { title: roles.policies, wide: true },
        { title: roles.created, wide: true },
      ]}
      rows={found.map((role) => ({
        id: role.id,
        cells: [
          <Link key="name" to="/roles/$role" params={{ role: role.name }} className="row-link">
            {role.name}
          </Link>,
          <span key="trusts" className="mono">
            {role.trusts.join(', ')}
          </span>,
          <span key="policies">{role.policies}</span>,
          <When key="created" at={role.createdAt} />,
        ],
      }))}
    />
  )
}

export const RolesPage = () => {
  const { roles } = useText()
  const read = useRead('role-list', {})
  return (
    <Page title={roles.title} about={roles.about} actions={<NewRole />}>
      <Paper>
        <Ready of={read}>{(listed) => <Listed roles={listed.roles} />}</Ready>
      </Paper>
    </Page>
  )
}
