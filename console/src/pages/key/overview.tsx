import {
  ActionIcon,
  Badge,
  Button,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Key, KeyDetail, Tag } from '../../api/actions.ts'
import { useChange, useList, useRead } from '../../api/use.ts'
import { Ask } from '../../parts/ask.tsx'
import { Code, Mono } from '../../parts/copy.tsx'
import { Facts, Section } from '../../parts/page.tsx'
import { Loading, ProblemNote, Ready } from '../../parts/states.tsx'
import { More } from '../../parts/table.tsx'
import { TagFields } from '../../parts/tag-fields.tsx'
import { tell } from '../../parts/told.ts'
import { When } from '../../parts/when.tsx'
import { useText } from '../../text/language.tsx'

interface OfKey {
  readonly of: Key
}

const Rename = ({ of: key }: OfKey) => {
  const { key: text, common } = useText()
  const [opened, open] = useState(false)
  const [name, setName] = useState(key.name)
  const [description, setDescription] = useState(key.description)
  const change = useChange('key-change')
  const begin = () => {
    setName(key.name)
    setDescription(key.description)
    open(true)
  }
  const save = () =>
    change.mutate(
      { asked: { key: key.id, name, description }, revision: key.revision },
      {
        onSuccess: () => {
          open(false)
          tell(text.changed)
        },
      },
    )
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<IconPencil size={14} />} onClick={begin}>
        {common.edit}
      </Button>
      <Ask
        opened={opened}
        title={text.edit}
        confirm={common.save}
        change={change}
        onConfirm={save}
        onClose={() => open(false)}
      >
        <TextInput
          label={text.name}
          value={name}
          required
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={text.description}
          value={description}
          maxLength={1024}
          autosize
          minRows={2}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
      </Ask>
    </>
  )
}

const About = ({ of: key }: OfKey) => {
  const text = useText()
  const { key: words } = text
  return (
    <Section title={words.about} actions={<Rename of={key} />}>
      <Facts
        rows={[
          [words.name, key.name],
          [words.usage, text.keyUsages[key.usage]],
          [
            words.algorithm,
            <span key="algorithm" className="mono">
              {key.algorithm}
            </span>,
          ],
          [words.origin, text.keyOrigins[key.origin] ?? key.origin],
          [words.created, <When key="created" at={key.createdAt} />],
          [
            words.creator,
            <span key="creator" className="mono">
              {key.creator}
            </span>,
          ],
          [
            words.region,
            <span key="region" className="mono">
              {key.region}
            </span>,
          ],
          ...(key.materialExpiresAt
            ? ([[words.materialExpires, <When key="expires" at={key.materialExpiresAt} />]] as const)
            : []),
          ...(key.keyStore
            ? ([[words.keyStore, <Mono key="store" value={key.keyStore} what={words.keyStore} />]] as const)
            : []),
        ]}
      />
    </Section>
  )
}

const Versions = ({ of: key }: OfKey) => {
  const { key: text } = useText()
  const list = useList('key-versions', { key: key.id, limit: 20 })
  const versions = list.data?.pages.flatMap((page) => page.versions)
  return (
    <Section title={text.versions} about={text.versionsWhy} actions={<RotateNow of={key} />}>
      {list.error ? <ProblemNote problem={list.error} again={list.refetch} /> : null}
      {versions === undefined && !list.error ? <Loading lines={3} /> : null}
      <ol className="line-of-versions">
        {versions?.map((each) => (
          <li key={each.version} {...(each.primary ? { 'data-primary': true } : {})}>
            <Group gap="xs">
              <Text fw={600} size="sm" className="mono">
                {each.version}
              </Text>
              {each.primary ? (
                <Badge size="sm" variant="default" tt="none">
                  {text.primary}
                </Badge>
              ) : null}
              {each.materialPresent ? null : (
                <Badge size="sm" variant="default" tt="none">
                  {text.withoutMaterial}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              <When at={each.createdAt} />
            </Text>
          </li>
        ))}
      </ol>
      {versions && list.hasNextPage ? <More shown={versions.length} list={list} /> : null}
    </Section>
  )
}

const canRotate = ({ state, usage, origin, algorithm }: Key): boolean =>
  state === 'active' && usage === 'encryptDecrypt' && origin === 'generated' && /^(?:aes|sm4)/.test(algorithm)

const RotateNow = ({ of: key }: OfKey) => {
  const { key: text } = useText()
  const [opened, open] = useState(false)
  const change = useChange('key-rotate')
  if (!canRotate(key)) return null
  const rotate = () =>
    change.mutate(
      { asked: { key: key.id } },
      {
        onSuccess: () => {
          open(false)
          tell(text.rotated)
        },
      },
    )
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => open(true)}>
        {text.rotateNow}
      </Button>
      <Ask
        opened={opened}
        title={text.rotateNow}
        confirm={text.rotateNow}
        change={change}
        onConfirm={rotate}
        onClose={() => open(false)}
      >
        <Text size="sm">{text.rotateWhat}</Text>
      </Ask>
    </>
  )
}

const Rotation = ({ of: key }: OfKey) => {
  const { key: text, common } = useText()
  const [opened, open] = useState(false)
  const [enabled, enable] = useState(key.rotation.enabled)
  const [days, setDays] = useState(key.rotation.periodDays)
  const change = useChange('key-set-rotation')
  const save = () =>
    change.mutate(
      { asked: { key: key.id, enabled, ...(enabled ? { periodDays: days } : {}) }, revision: key.revision },
      { onSuccess: () => open(false) },
    )
  const { rotation } = key
  return (
    <Section
      title={text.rotation}
      actions={
        canRotate(key) ? (
          <Button variant="default" size="compact-sm" onClick={() => open(true)}>
            {common.edit}
          </Button>
        ) : null
      }
    >
      <Facts
        rows={[
          [text.rotation, rotation.enabled ? text.everyDays(rotation.periodDays) : common.off],
          ...(rotation.enabled ? ([[text.rotatesNext, <When key="next" at={rotation.nextAt} />]] as const) : []),
          [text.rotatedLast, <When key="last" at={rotation.lastAt} />],
        ]}
      />
      <Ask
        opened={opened}
        title={text.rotation}
        confirm={common.save}
        change={change}
        onConfirm={save}
        onClose={() => open(false)}
      >
        <Switch label={text.rotates} checked={enabled} onChange={(event) => enable(event.currentTarget.checked)} />
        {enabled ? (
          <NumberInput
            label={text.period}
            min={7}
            max={3650}
            value={days}
            onChange={(value) => setDays(Number(value))}
          />
        ) : null}
      </Ask>
    </Section>
  )
}

const Tags = ({ of: key }: OfKey) => {
  const { tags: text, common } = useText()
  const [opened, open] = useState(false)
  const [tags, set] = useState<Tag[]>([])
  const tag = useChange('key-tag')
  const untag = useChange('key-untag')
  const add = () =>
    tag.mutate(
      { asked: { key: key.id, tags: tags.filter((each) => each.key !== '') } },
      { onSuccess: () => open(false) },
    )
  const begin = () => {
    set([{ key: '', value: '' }])
    open(true)
  }
  return (
    <Section
      title={text.title}
      actions={
        <Button variant="default" size="compact-sm" onClick={begin}>
          {text.add}
        </Button>
      }
    >
      {untag.error ? <ProblemNote problem={untag.error} /> : null}
      {key.tags.length === 0 ? <Text c="dimmed">{common.none}</Text> : null}
      <Stack gap={4}>
        {key.tags.map((each) => (
          <Group key={each.key} gap="xs" wrap="nowrap">
            <span className="mono">
              {each.key} = {each.value}
            </span>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={text.removeThe(each.key)}
              onClick={() => untag.mutate({ asked: { key: key.id, tagKeys: [each.key] } })}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      <Ask
        opened={opened}
        title={text.add}
        confirm={common.save}
        change={tag}
        onConfirm={add}
        onClose={() => open(false)}
      >
        <TagFields tags={tags} onChange={set} />
      </Ask>
    </Section>
  )
}

const Aliases = ({ of: key }: OfKey) => {
  const { key: text, common } = useText()
  const [opened, open] = useState(false)
  const [name, setName] = useState('')
  const create = useChange('alias-create')
  const remove = useChange('alias-delete')
  const add = () => create.mutate({ asked: { key: key.id, name: name.trim() } }, { onSuccess: () => open(false) })
  return (
    <Section
      title={text.aliases}
      about={text.aliasesWhy}
      actions={
        <Button variant="default" size="compact-sm" onClick={() => open(true)}>
          {text.addAlias}
        </Button>
      }
    >
      {remove.error ? <ProblemNote problem={remove.error} /> : null}
      {key.aliases.length === 0 ? <Text c="dimmed">{common.none}</Text> : null}
      {key.aliases.map((alias) => (
        <Group key={alias} gap="xs">
          <Mono value={alias} what={text.alias} />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={text.removeAlias(alias)}
            onClick={() => remove.mutate({ asked: { name: alias } })}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Ask
        opened={opened}
        title={text.addAlias}
        confirm={common.save}
        ready={name.trim() !== ''}
        change={create}
        onConfirm={add}
        onClose={() => open(false)}
      >
        <TextInput
          label={text.alias}
          placeholder="alias/orders"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Ask>
    </Section>
  )
}

const PublicHalf = ({ of: key }: OfKey) => {
  const { key: text } = useText()
  const read = useRead('key-public', { key: key.id })
  return (
    <Section title={text.publicKey}>
      <Ready of={read} lines={3}>
        {({ publicKey }) => <Code value={publicKey.trim()} what={text.publicKey} />}
      </Ready>
    </Section>
  )
}

const hasPublicHalf = ({ algorithm, materialPresent }: Key): boolean =>
  materialPresent && !/^(?:aes|sm4|hmac)/.test(algorithm)

export const Overview = ({ detail: { key } }: { readonly detail: KeyDetail }) => (
  <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
    <Stack>
      <About of={key} />
      {hasPublicHalf(key) ? <PublicHalf of={key} /> : null}
      <Tags of={key} />
      <Aliases of={key} />
    </Stack>
    <Stack>
      <Versions of={key} />
      <Rotation of={key} />
    </Stack>
  </SimpleGrid>
)
