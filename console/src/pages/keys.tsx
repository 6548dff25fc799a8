import { Button, CloseButton, Group, NativeSelect, Paper, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { memo, useEffect, useMemo, useState } from 'react'
import { type Asked, type Key, keyOrigins, keyStates, keyUsages } from '../api/actions.ts'
import { useList } from '../api/use.ts'
import { ButtonLink } from '../parts/button-link.tsx'
import { StateOf } from '../parts/key-state.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Loading, ProblemNote } from '../parts/states.tsx'
import { More, Rows } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { type KeySearch, keysRoute } from '../router.tsx'
import { useText } from '../text/language.tsx'

/** `name=value`, or a tag's name alone. */
const tagOf = (tag: string) => {
  const [key = '', ...value] = tag.split('=')
  return { key, values: value.length > 0 ? [value.join('=')] : [] }
}

const askedOf = ({ search, state, usage, origin, tag, sort }: KeySearch): Asked<'key-list'> => ({
  limit: 50,
  // The rows need not wait for very many to be counted.
  roughly: true,
  ...(search ? { search } : {}),
  ...(state ? { states: [state] } : {}),
  ...(usage ? { usages: [usage] } : {}),
  ...(origin ? { origins: [origin] } : {}),
  ...(tag ? { tags: [tagOf(tag)] } : {}),
  ...(sort ? { sort } : {}),
})

type Set = (change: { [M in keyof KeySearch]: KeySearch[M] | undefined }) => void

interface TypedProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string | undefined
  readonly grows?: boolean
  onType(value: string | undefined): void
}

/** As many characters are found by an index; fewer are looked for in every key. */
const indexed = 3

/** What an index finds is asked for with every letter; anything else once typing pauses. */
const Typed = ({ label, placeholder, value, grows, onType }: TypedProps) => {
  const { common } = useText()
  const [typed, type] = useState(value ?? '')
  const settle = useDebouncedCallback((text: string) => onType(text.trim() || undefined), 100)
  const ask = (text: string) => {
    settle(text)
    if (text.trim().length >= indexed) settle.flush()
  }
  const clear = () => {
    type('')
    settle('')
    settle.flush()
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      leftSection={grows ? <IconSearch size={16} aria-hidden /> : undefined}
      rightSection={typed ? <CloseButton size="sm" aria-label={common.clear} onClick={clear} /> : null}
      onChange={({ currentTarget }) => {
        type(currentTarget.value)
        ask(currentTarget.value)
      }}
    />
  )
}

const Filters = ({ search, set }: { readonly search: KeySearch; readonly set: Set }) => {
  const text = useText()
  const { keys } = text
  const choice = <T extends string>(label: string, values: readonly T[], names: Record<T, string>) => ({
    'aria-label': label,
    data: [{ value: '', label }, ...values.map((value) => ({ value, label: names[value] }))],
  })
  return (
    <Group gap="xs" role="search" className="filters" aria-label={keys.filters}>
      <Typed
        grows
        label={keys.search}
        placeholder={keys.searchHint}
        value={search.search}
        onType={(value) => set({ search: value })}
      />
      <NativeSelect
        {...choice(keys.state, keyStates, text.keyStates)}
        value={search.state ?? ''}
        onChange={(event) => set({ state: (event.currentTarget.value || undefined) as KeySearch['state'] })}
      />
      <NativeSelect
        {...choice(keys.usage, keyUsages, text.keyUsages)}
        value={search.usage ?? ''}
        onChange={(event) => set({ usage: (event.currentTarget.value || undefined) as KeySearch['usage'] })}
      />
      <NativeSelect
        {...choice(keys.origin, keyOrigins, text.keyOrigins)}
        value={search.origin ?? ''}
        onChange={(event) => set({ origin: (event.currentTarget.value || undefined) as KeySearch['origin'] })}
      />
      <Typed label={keys.tag} placeholder={keys.tagHint} value={search.tag} onType={(value) => set({ tag: value })} />
      <NativeSelect
        aria-label={keys.sort}
        value={search.sort ?? 'newest'}
        data={[
          { value: 'newest', label: keys.newest },
          { value: 'oldest', label: keys.oldest },
        ]}
        onChange={(event) => set({ sort: event.currentTarget.value === 'oldest' ? 'oldest' : undefined })}
      />
    </Group>
  )
}

const NameOf = ({ listed }: { readonly listed: Key }) => (
  <div style={{ minWidth: 0 }}>
    <Link to="/keys/$key" params={{ key: listed.id }} className="row-link">
      {listed.name || listed.id}
    </Link>
    <Text className="mono id-under" c="dimmed" fz="xs">
      {listed.id}
    </Text>
  </div>
)

/** Drawn again only for other keys: each letter that is typed draws the page, and fifty rows are most of it. */
const KeyRows = memo(({ keys: listed }: { readonly keys: readonly Key[] }) => {
  const { keys, keyUsages: usages, keyOrigins: origins } = useText()
  return (
    <Rows
      label={keys.title}
      columns={[
        { title: keys.name },
        { title: keys.state },
        { title: keys.usage, wide: true },
        { title: keys.algorithm, wide: true },
        { title: keys.origin, wide: true },
        { title: keys.created, wide: true },
      ]}
      rows={listed.map((each) => ({
        id: each.id,
        cells: [
          <NameOf key="name" listed={each} />,
          <StateOf key="state" state={each.state} />,
          <span key="usage" className="no-wrap">
            {usages[each.usage]}
          </span>,
          <span key="algorithm" className="mono">
            {each.algorithm}
          </span>,
          <span key="origin" className="no-wrap">
            {origins[each.origin] ?? each.origin}
          </span>,
          <span key="created" className="quiet-cell no-wrap">
            <When at={each.createdAt} />
          </span>,
        ],
      }))}
    />
  )
})

const NewKey = () => {
  const { keys } = useText()
  return (
    <ButtonLink to="/keys/new" leftSection={<IconPlus size={17} aria-hidden />}>
      {keys.create}
    </ButtonLink>
  )
}

/**
 * One search at a time, and the newest next: each letter of a word that very many keys have takes the server longer than
 * the next letter takes to type, and nobody looks at what was typed before.
 */
const useFound = (search: KeySearch) => {
  const [asked, ask] = useState(search)
  const list = useList('key-list', askedOf(asked))
  const isOlder = asked !== search
  const { isFetching } = list
  useEffect(() => {
    if (isOlder && !isFetching) ask(search)
  }, [isOlder, isFetching, search])
  return { list, isOlder }
}

const Found = ({ search, onClear }: { readonly search: KeySearch; onClear(): void }) => {
  const { keys } = useText()
  const { list, isOlder } = useFound(search)
  const found = useMemo(() => list.data?.pages.flatMap((page) => page.keys), [list.data])
  if (list.error && !list.data) return <ProblemNote problem={list.error} again={list.refetch} />
  if (!list.data || !found) return <Loading lines={10} />
  if (found.length === 0 && Object.keys(search).length > 0)
    return (
      <Empty
        title={keys.noneFound}
        action={
          <Button variant="default" onClick={onClear}>
            {keys.clearFilters}
          </Button>
        }
      />
    )
  if (found.length === 0)
    return (
      <Empty title={keys.none} action={<NewKey />}>
        {keys.noneWhy}
      </Empty>
    )
  return (
    <div aria-busy={isOlder || list.isPlaceholderData}>
      {list.error ? <ProblemNote problem={list.error} again={list.refetch} /> : null}
      <KeyRows keys={found} />
      <More shown={found.length} of={list.data.pages[0]} list={list} />
    </div>
  )
}

export const KeysPage = () => {
  const { keys } = useText()
  const search = keysRoute.useSearch()
  const navigate = useNavigate()
  const [cleared, clear] = useState(0)
  const set: Set = (change) =>
    void navigate({
      to: '/',
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)),
      replace: true,
    })
  const onClear = () => {
    clear(cleared + 1)
    void navigate({ to: '/', search: {}, replace: true })
  }
  return (
    <Page title={keys.title} about={keys.about} actions={<NewKey />}>
      <Paper>
        <Filters key={cleared} search={search} set={set} />
        <div style={{ marginTop: 16 }}>
          <Found search={search} onClear={onClear} />
        </div>
      </Paper>
    </Page>
  )
}
