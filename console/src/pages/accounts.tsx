import { Button, Paper, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Account } from '../api/actions.ts'
import { useChange, useRead } from '../api/use.ts'
import { Ask } from '../parts/ask.tsx'
import { NameField } from '../parts/name-field.tsx'
import { NewThing } from '../parts/new-thing.tsx'
import { Page } from '../parts/page.tsx'
import { Ready } from '../parts/states.tsx'
import { Rows } from '../parts/table.tsx'
import { tell } from '../parts/told.ts'
import { When } from '../parts/when.tsx'
import { useText } from '../text/language.tsx'

const NewAccount = () => {
  const { accounts } = useText()
  const [name, setName] = useState('')
  const create = useChange('account-create')
  const make = (close: () => void) =>
    create.mutate(
      { asked: { name: name.trim() } },
      {
        onSuccess: ({ name: made }) => {
          close()
          setName('')
          tell(accounts.made(made))
        },
      },
    )
  return (
    <NewThing title={accounts.create} ready={name.trim() !== ''} change={create} onConfirm={make}>
      <NameField text={accounts} value={name} onName={setName} />
    </NewThing>
  )
}

/** Whose users may act for an account; nobody's where nothing is said. */
const Administrator = ({ of: account }: { readonly of: Account }) => {
  const { accounts, common } = useText()
  const [opened, open] = useState(false)
  const [by, set] = useState('')
  const change = useChange('account-administrator')
  const save = () =>
    change.mutate(
      { asked: { account: account.id, ...(by.trim() === '' ? {} : { administrator: by.trim() }) } },
      {
        onSuccess: ({ administrator }) => {
          open(false)
          tell(administrator === null ? accounts.byNobody(account.name) : accounts.by(account.name, administrator))
        },
      },
    )
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => open(true)}>
        {accounts.administrator}
      </Button>
      <Ask
        opened={opened}
        title={`${accounts.administrator}: ${account.name}`}
        confirm={common.save}
        change={change}
        onConfirm={save}
        onClose={() => open(false)}
      >
        <Text size="sm">{accounts.administratorWhy}</Text>
        <TextInput
          label={accounts.administratorWho}
          description={accounts.administratorEmpty}
          data-autofocus
          value={by}
          onChange={(event) => set(event.currentTarget.value)}
        />
      </Ask>
    </>
  )
}

const Listed = ({ accounts: found }: { readonly accounts: readonly Account[] }) => {
  const { accounts } = useText()
  return (
    <Rows
      label={accounts.title}
      columns={[
        { title: accounts.name },
        { title: accounts.number },
        { title: accounts.created, wide: true },
        { title: accounts.change },
      ]}
      rows={found.map((account) => ({
        id: account.id,
        cells: [
          account.name,
          <span key="number" className="mono">
            {account.id}
          </span>,
          <When key="created" at={account.createdAt} />,
          <Administrator key="administrator" of={account} />,
        ],
      }))}
    />
  )
}

export const AccountsPage = () => {
  const { accounts } = useText()
  const read = useRead('account-list', {})
  return (
    <Page title={accounts.title} about={accounts.about} actions={<NewAccount />}>
      <Paper>
        <Ready of={read}>{(listed) => <Listed accounts={listed.accounts} />}</Ready>
      </Paper>
    </Page>
  )
}
