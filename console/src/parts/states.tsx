/** What stands where an answer is missing: it comes, there is none, or it was refused, and why. */
import { Alert, Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCloudOff,
  IconLock,
  IconRefreshAlert,
  IconShieldLock,
  IconZoomQuestion,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { offline, type Problem } from '../api/call.ts'
import type { Messages } from '../text/en.ts'
import { useText } from '../text/language.tsx'

export const Loading = ({ lines = 6 }: { readonly lines?: number }) => {
  const { common } = useText()
  return (
    <Stack gap="sm" role="status" aria-label={common.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={18} width={`${92 - ((line * 17) % 38)}%`} />
      ))}
    </Stack>
  )
}

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

export const Empty = ({ title, children, action }: EmptyProps) => (
  <Center py={48} px="md">
    <Stack align="center" gap="xs" maw={440} ta="center">
      <IconZoomQuestion size={32} stroke={1.4} aria-hidden />
      <Title order={2}>{title}</Title>
      {children ? <Text c="dimmed">{children}</Text> : null}
      {action}
    </Stack>
  </Center>
)

type Kind = keyof Messages['problem']

export const kindOf = ({ type, status }: Problem): Kind => {
  if (type === offline) return 'offline'
  if (status === 412) return 'stale'
  if (status === 503) return 'sealed'
  if (status === 403) return 'noPermission'
  if (status === 404) return 'notFound'
  if (status === 429) return 'tooMany'
  if (status >= 500 || status === 0) return 'fault'
  return 'refused'
}

const icons: Record<Kind, typeof IconLock> = {
  offline: IconCloudOff,
  stale: IconRefreshAlert,
  sealed: IconLock,
  noPermission: IconShieldLock,
  notFound: IconZoomQuestion,
  tooMany: IconAlertTriangle,
  fault: IconAlertTriangle,
  refused: IconAlertTriangle,
}

interface ProblemProps {
  readonly problem: Problem
  readonly again?: () => unknown
}

/** Says what happened, what to do, and, where it was our fault, under which id the server's log has its cause. */
export const ProblemNote = ({ problem, again }: ProblemProps) => {
  const text = useText()
  const kind = kindOf(problem)
  const Icon = icons[kind]
  return (
    <Alert
      color={kind === 'fault' || kind === 'refused' ? 'red' : 'yellow'}
      icon={<Icon size={18} />}
      title={text.problem[kind].title}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text.problem[kind].what}</Text>
        {problem.message ? <Text size="sm">{problem.message}</Text> : null}
        {kind === 'fault' && problem.instance ? <span className="mono">{problem.instance}</span> : null}
        {again ? (
          <Button size="compact-sm" variant="default" onClick={again}>
            {text.common.tryAgain}
          </Button>
        ) : null}
      </Stack>
    </Alert>
  )
}

interface ReadyProps<T> {
  readonly of: { data: T | undefined; error: Problem | null; refetch(): unknown }
  readonly lines?: number
  children(data: T): ReactNode
}

/** What was read, once it is there. */
export function Ready<T>({ of: { data, error, refetch }, lines, children }: ReadyProps<T>) {
  // What was shown stays while it cannot be asked again, with the reason above it.
  if (data !== undefined)
    return (
      <>
        {error ? <ProblemNote problem={error} again={refetch} /> : null}
        {children(data)}
      </>
    )
  if (error) return <ProblemNote problem={error} again={refetch} />
  return <Loading {...(lines === undefined ? {} : { lines })} />
}
