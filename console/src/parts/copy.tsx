import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useText } from '../text/language.tsx'
import { Scroller } from './scroller.tsx'

interface Props {
  readonly value: string
  /** What it is, for whoever hears the page. */
  readonly what: string
}

export const Copy = ({ value, what }: Props) => {
  const { common } = useText()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? common.copied : common.copy}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={common.copyThe(what)}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** An id or another value that people carry elsewhere. */
export const Mono = ({ value, what }: Props) => (
  <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
    <span className="mono">{value}</span>
    <Copy value={value} what={what} />
  </Group>
)

export const Code = ({ value, what }: Props) => (
  <Group gap="xs" align="flex-start" wrap="nowrap">
    <Scroller className="code-block" label={what}>
      {value}
    </Scroller>
    <Copy value={value} what={what} />
  </Group>
)
