import {
  Alert,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { Asked, Session } from './api/actions.ts'
import { call, type Problem } from './api/call.ts'
import { keepKnownRegion } from './api/region.ts'
import { Mark } from './parts/mark.tsx'
import { LanguageMenu, LightOrDark } from './parts/menus.tsx'
import { ProblemNote } from './parts/states.tsx'
import { forgetAll, sessionKey } from './session.tsx'
import { useText } from './text/language.tsx'

type Way = 'accessKey' | 'password'

const empty = { account: '', user: '', password: '', id: '', secretKey: '' }
type Entered = typeof empty

const askedOf = (way: Way, { account, user, password, id, secretKey }: Entered): Asked<'session-create'> =>
  way === 'accessKey'
    ? { accessKey: id.trim(), secretKey: secretKey.trim(), console: true }
    : { ...(account.trim() ? { account: account.trim() } : {}), user: user.trim(), password, console: true }

const isComplete = (way: Way, { user, password, id, secretKey }: Entered): boolean =>
  way === 'accessKey' ? id !== '' && secretKey !== '' : user !== '' && password !== ''

const Refused = ({ problem }: { readonly problem: Problem }) => {
  const { signIn } = useText()
  if (problem.status !== 401) return <ProblemNote problem={problem} />
  return (
    <Alert color="red" role="alert" title={signIn.refused}>
      {signIn.refusedWhy}
    </Alert>
  )
}

interface FieldsProps {
  readonly way: Way
  readonly entered: Entered
  enter(member: keyof Entered, value: string): void
}

const Fields = ({ way, entered, enter }: FieldsProps) => {
  const { signIn } = useText()
  const bind = (member: keyof Entered) => ({
    value: entered[member],
    onChange: (event: { currentTarget: { value: string } }) => enter(member, event.currentTarget.value),
  })
  if (way === 'accessKey')
    return (
      <>
        <TextInput
          label={signIn.accessKeyId}
          autoComplete="username"
          spellCheck={false}
          required
          data-autofocus
          {...bind('id')}
        />
        <PasswordInput label={signIn.secretKey} autoComplete="current-password" required {...bind('secretKey')} />
      </>
    )
  return (
    <>
      <TextInput
        label={signIn.account}
        description={signIn.accountWhy}
        autoComplete="organization"
        {...bind('account')}
      />
      <TextInput label={signIn.user} autoComplete="username" spellCheck={false} required {...bind('user')} />
      <PasswordInput label={signIn.password} autoComplete="current-password" required {...bind('password')} />
    </>
  )
}

const Form = () => {
  const { signIn } = useText()
  const client = useQueryClient()
  const [way, choose] = useState<Way>('accessKey')
  const [entered, set] = useState(empty)
  const asking = useMutation<Session, Problem, Asked<'session-create'>>({
    mutationFn: (asked) => call('session-create', asked),
    onSuccess: async (session) => {
      keepKnownRegion(session.regions.map(({ id }) => id))
      forgetAll(client)
      client.setQueryData(sessionKey, session)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asking.mutate(askedOf(way, entered))
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={signIn.way}
          value={way}
          onChange={(value) => {
            choose(value as Way)
            asking.reset()
          }}
          data={[
            { value: 'accessKey', label: signIn.byAccessKey },
            { value: 'password', label: signIn.byPassword },
          ]}
        />
        <Fields way={way} entered={entered} enter={(member, value) => set({ ...entered, [member]: value })} />
        {asking.error ? <Refused problem={asking.error} /> : null}
        <Button type="submit" loading={asking.isPending} disabled={!isComplete(way, entered)}>
          {signIn.go}
        </Button>
        {way === 'accessKey' ? (
          <Text size="sm" c="dimmed">
            {signIn.where}
          </Text>
        ) : null}
      </Stack>
    </form>
  )
}

export const SignIn = () => {
  const { signIn } = useText()
  useEffect(() => {
    document.title = `${signIn.title} · Keystead`
  }, [signIn.title])
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={400}>
        <Group justify="space-between">
          <Group gap="sm">
            <Mark size={36} />
            <Title order={1}>Keystead</Title>
          </Group>
          <Group gap={2}>
            <LanguageMenu />
            <LightOrDark />
          </Group>
        </Group>
        <Paper p="lg">
          <Title order={2} mb="md">
            {signIn.title}
          </Title>
          <Form />
        </Paper>
      </Stack>
    </Center>
  )
}
