import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  readonly about?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export const Page = ({ title, about, actions, children }: PageProps) => {
  useEffect(() => {
    document.title = `${title} · Keystead`
  }, [title])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1}>{title}</Title>
          {about ? (
            <Text c="dimmed" mt={4} maw={720}>
              {about}
            </Text>
          ) : null}
        </div>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      {children}
    </Stack>
  )
}

interface SectionProps {
  readonly title: string
  readonly about?: string
  readonly actions?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

export const Section = ({ title, about, actions, className, children }: SectionProps) => (
  <Paper component="section" className={className ?? ''} aria-label={title}>
    <Group justify="space-between" mb="sm" gap="xs" align="flex-start" className="section-head">
      <div>
        <Title order={2}>{title}</Title>
        {about ? (
          <Text size="sm" c="dimmed" mt={2}>
            {about}
          </Text>
        ) : null}
      </div>
      {actions}
    </Group>
    {children}
  </Paper>
)

export const Facts = ({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="facts">
    {rows.map(([name, value]) => (
      <div key={name} style={{ display: 'contents' }}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
