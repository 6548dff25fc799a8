/** A button that opens a window in which something new is made. */
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Ask } from './ask.tsx'

interface Props {
  readonly title: string
  readonly ready: boolean
  readonly change: Parameters<typeof Ask>[0]['change']
  readonly children: ReactNode
  /** `close` is for when it was made. */
  onConfirm(close: () => void): void
}

export const NewThing = ({ title, ready, change, children, onConfirm }: Props) => {
  const [opened, open] = useState(false)
  return (
    <>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => open(true)}>
        {title}
      </Button>
      <Ask
        opened={opened}
        title={title}
        confirm={title}
        ready={ready}
        change={change}
        onConfirm={() => onConfirm(() => open(false))}
        onClose={() => open(false)}
      >
        {children}
      </Ask>
    </>
  )
}
