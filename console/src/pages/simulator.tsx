import { Autocomplete, Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Answered, Asked } from '../api/actions.ts'
import { useAsk, useRead } from '../api/use.ts'
import { Facts, Page } from '../parts/page.tsx'
import { ProblemNote } from '../parts/states.tsx'
import { simulatorRoute } from '../router.tsx'
import { useText } from '../text/language.tsx'
import { languageNames } from './user/policy-starts.ts'

type Dialect = NonNullable<Asked<'policy-simulate'>['dialect']>

const words: Readonly<Record<Dialect, readonly string[]>> = {
  tencent: ['kms:Encrypt', 'kms:Decrypt', 'kms:CreateKey', 'kms:ScheduleKeyDeletion', 'kms:GenerateDataKey'],
  huawei: ['kms:cmk:encryptData', 'kms:cmk:decryptData', 'kms:cmk:create', 'kms:dek:create'],
  native: ['key:encrypt', 'key:decrypt', 'key:create', 'key:scheduleDestruction', 'key:sign'],
}

type Decision = NonNullable<Answered<'policy-simulate'>>

const Verdict = ({ decision: { allowed, decidedBy, why } }: { readonly decision: Decision }) => {
  const { simulator } = useText()
  const Icon = allowed ? IconCircleCheck : IconCircleX
  return (
    <Stack gap="sm">
      <Group gap="xs" c={allowed ? 'var(--mantine-color-anchor)' : 'var(--mantine-color-error)'}>
        <Icon size={26} aria-hidden />
        <Text fw={650} size="lg">
          {allowed ? simulator.allowed : simulator.refused}
        </Text>
      </Group>
      <Text>{why}</Text>
      {decidedBy.map(({ rule, policy, language, statement }) => (
        <Facts
          key={`${rule} ${policy} ${statement}`}
          rows={[
            [simulator.policy, policy ?? rule],
            ...(language ? ([[simulator.language, languageNames[language] ?? language]] as const) : []),
            ...(statement === undefined ? [] : ([[simulator.statement, String(statement + 1)]] as const)),
          ]}
        />
      ))}
    </Stack>
  )
}

export const SimulatorPage = () => {
  const { simulator } = useText()
  const { key: first = '' } = simulatorRoute.useSearch()
  const users = useRead('user-list', {})
  const names = users.data?.users.map(({ name }) => name) ?? []
  const [principal, setPrincipal] = useState('')
  const [dialect, choose] = useState<Dialect>('tencent')
  const [action, setAction] = useState('kms:Encrypt')
  const [key, setKey] = useState(first)
  const asking = useAsk('policy-simulate')
  const asked: Asked<'policy-simulate'> = {
    principal: principal.trim(),
    action: action.trim(),
    dialect,
    ...(key.trim() ? { key: key.trim() } : {}),
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asking.mutate(asked)
  }
  return (
    <Page title={simulator.title} about={simulator.about}>
      <Paper maw={760} p="lg">
        <form onSubmit={submit}>
          <Stack>
            <Autocomplete label={simulator.who} required data={names} value={principal} onChange={setPrincipal} />
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <NativeSelect
                label={simulator.wording}
                value={dialect}
                data={Object.keys(words).map((value) => ({ value, label: languageNames[value] ?? value }))}
                onChange={(event) => {
                  const chosen = event.currentTarget.value as Dialect
                  choose(chosen)
                  setAction(words[chosen][0] ?? '')
                }}
              />
              <Autocomplete
                label={simulator.what}
                required
                data={[...words[dialect]]}
                value={action}
                onChange={setAction}
              />
            </Group>
            <TextInput
              label={simulator.onWhich}
              description={simulator.onWhichWhy}
              classNames={{ input: 'mono' }}
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
            />
            <Button
              type="submit"
              loading={asking.isPending}
              disabled={principal.trim() === '' || action.trim() === ''}
              style={{ alignSelf: 'flex-start' }}
            >
              {simulator.go}
            </Button>
            {asking.error ? <ProblemNote problem={asking.error} /> : null}
            <div aria-live="polite">{asking.data ? <Verdict decision={asking.data} /> : null}</div>
          </Stack>
        </form>
      </Paper>
    </Page>
  )
}
