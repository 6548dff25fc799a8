import { Alert, Button, Group, List, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { AttachedPolicy, PolicyLanguage } from '../../api/actions.ts'
import { useChange, useRead } from '../../api/use.ts'
import { Ask } from '../../parts/ask.tsx'
import { Code } from '../../parts/copy.tsx'
import { Section } from '../../parts/page.tsx'
import { Ready } from '../../parts/states.tsx'
import { useText } from '../../text/language.tsx'
import { languageNames, languagesOfPolicies, startOf } from './policy-starts.ts'

/** What the server says of the text while it is typed: it is the one that would judge by it. */
const Judged = ({ language, document }: { readonly language: PolicyLanguage; readonly document: string }) => {
  const { policies } = useText()
  const [settled] = useDebouncedValue(document, 300)
  const read = useRead('policy-validate', { language, document: settled }, { enabled: settled.trim() !== '' })
  if (!read.data) return null
  if (read.data.valid)
    return (
      <Text size="sm" role="status" className="state" data-tone="good">
        {policies.valid}
      </Text>
    )
  return (
    <Alert color="red" title={policies.invalid} role="status">
      <List size="sm">
        {read.data.faults.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            {path ? <span className="mono">{path}: </span> : null}
            {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** Whose policies they are. */
export type Owner = { readonly user: string } | { readonly role: string }

const Attach = ({ of }: { readonly of: Owner }) => {
  const { policies } = useText()
  const [opened, open] = useState(false)
  const [name, setName] = useState('')
  const [language, choose] = useState<PolicyLanguage>('tencent')
  const [document, setDocument] = useState(startOf('tencent'))
  const attach = useChange('policy-attach')
  const chooseLanguage = (chosen: PolicyLanguage) => {
    // What nobody has typed in yet follows the language.
    if (document === startOf(language)) setDocument(startOf(chosen))
    choose(chosen)
  }
  const save = () =>
    attach.mutate(
      { asked: { ...of, name: name.trim(), language, document } },
      {
        onSuccess: () => {
          open(false)
          setName('')
        },
      },
    )
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => open(true)}>
        {policies.attach}
      </Button>
      <Ask
        opened={opened}
        title={policies.attach}
        confirm={policies.attach}
        size="xl"
        ready={name.trim() !== '' && document.trim() !== ''}
        change={attach}
        onConfirm={save}
        onClose={() => open(false)}
      >
        <Group grow align="flex-start">
          <TextInput
            label={policies.name}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={policies.language}
            value={language}
            data={languagesOfPolicies.map((value) => ({ value, label: languageNames[value] ?? value }))}
            onChange={(event) => chooseLanguage(event.currentTarget.value as PolicyLanguage)}
          />
        </Group>
        <Textarea
          label={policies.document}
          classNames={{ input: 'mono' }}
          minRows={10}
          maxRows={22}
          autosize
          spellCheck={false}
          value={document}
          onChange={(event) => setDocument(event.currentTarget.value)}
        />
        <Judged language={language} document={document} />
      </Ask>
    </>
  )
}

const pretty = (document: string): string => {
  try {
    return JSON.stringify(JSON.parse(document), null, 2)
  } catch {
    return document
  }
}

const One = ({ of, policy }: { readonly of: Owner; readonly policy: AttachedPolicy }) => {
  const { policies } = useText()
  const [asking, ask] = useState(false)
  const detach = useChange('policy-detach')
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>
          {policy.name}{' '}
          <Text span size="sm" c="dimmed" fw={400}>
            {languageNames[policy.language] ?? policy.language}
          </Text>
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => ask(true)}>
          {policies.detach}
        </Button>
      </Group>
      <Code value={pretty(policy.document)} what={policy.name} />
      <Ask
        opened={asking}
        title={policies.detach}
        confirm={policies.detach}
        danger
        change={detach}
        onConfirm={() => detach.mutate({ asked: { ...of, policy: policy.name } }, { onSuccess: () => ask(false) })}
        onClose={() => ask(false)}
      >
        <Text size="sm">{policies.detachWhat(policy.name)}</Text>
      </Ask>
    </Stack>
  )
}

export const Policies = ({ of, root = false }: { readonly of: Owner; readonly root?: boolean }) => {
  const { policies } = useText()
  const read = useRead('policy-list', of)
  return (
    <Section title={policies.title} about={root ? policies.rootNeedsNone : policies.about} actions={<Attach of={of} />}>
      <Ready of={read} lines={3}>
        {({ policies: attached }) =>
          attached.length === 0 ? (
            <Text c="dimmed">{policies.none}</Text>
          ) : (
            <Stack gap="lg">
              {attached.map((policy) => (
                <One key={policy.id} of={of} policy={policy} />
              ))}
            </Stack>
          )
        }
      </Ready>
    </Section>
  )
}
