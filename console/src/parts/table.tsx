import { Button, Group, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSpeech } from '../text/language.tsx'
import { Scroller } from './scroller.tsx'

interface Column {
  readonly title: string
  /** Left out where there is little room. */
  readonly wide?: boolean
}

interface Props {
  readonly label: string
  readonly columns: readonly Column[]
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[]
}

export const Rows = ({ label, columns, rows }: Props) => (
  <Scroller label={label}>
    <Table highlightOnHover aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ title, wide }) => (
            <Table.Th key={title} scope="col" className={wide ? 'wide-only' : ''}>
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ id, cells }) => (
          <Table.Tr key={id}>
            {columns.map(({ title, wide }, index) => (
              <Table.Td key={title} className={wide ? 'wide-only' : ''}>
                {cells[index]}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Scroller>
)

interface MoreProps {
  readonly shown: number
  /** Absent where nobody counts; where `isLeast`, there are more. */
  readonly of?: { readonly total: number; readonly isLeast: boolean } | undefined
  readonly list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown }
}

/** How far the list goes, and one more page of it. */
export const More = ({ shown, of, list }: MoreProps) => {
  const { text, number } = useSpeech()
  const { common } = text
  const count = number(shown)
  const told = of?.isLeast ? common.shownOfMore : common.shownOf
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed" role="status">
        {of ? told(count, number(of.total)) : common.shown(count)}
      </Text>
      {list.hasNextPage ? (
        <Button variant="default" size="sm" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {common.more}
        </Button>
      ) : null}
    </Group>
  )
}
