/** A window that asks before something happens, holds what it needs, and stays open with the reason where it was refused. */
import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Problem } from '../api/call.ts'
import { useText } from '../text/language.tsx'
import { ProblemNote } from './states.tsx'

interface Props {
  readonly opened: boolean
  readonly title: string
  readonly confirm: string
  readonly danger?: boolean
  readonly ready?: boolean
  readonly size?: string
  readonly change: { isPending: boolean; error: Problem | null; reset(): void }
  readonly children?: ReactNode
  onConfirm(): void
  onClose(): void
}

export const Ask = ({
  opened,
  title,
  confirm,
  danger,
  ready = true,
  size,
  change,
  children,
  onConfirm,
  onClose,
}: Props) => {
  const { common } = useText()
  const close = () => {
    change.reset()
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={size ?? 'md'}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) onConfirm()
        }}
      >
        <Stack>
          {children}
          {change.error ? <ProblemNote problem={change.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
            <Button type="submit" disabled={!ready} loading={change.isPending} {...(danger ? { color: 'red.8' } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
