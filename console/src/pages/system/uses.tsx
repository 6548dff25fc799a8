/** How much all keys of the account in the region are used, through which dialect, and which most. */
import { SimpleGrid, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Answered } from '../../api/actions.ts'
import { useRead } from '../../api/use.ts'
import { Section } from '../../parts/page.tsx'
import { useSpan } from '../../parts/span.tsx'
import { Ready } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { useSpeech } from '../../text/language.tsx'

const byDialect = (points: Answered<'uses-total'>['points']): [string, number][] => {
  const counts = new Map<string, number>()
  for (const { dialect, count } of points) counts.set(dialect, (counts.get(dialect) ?? 0) + count)
  return [...counts].sort(([, one], [, other]) => other - one)
}

const Counted = ({ points, keys }: Answered<'uses-total'>) => {
  const { text, number } = useSpeech()
  const { system, use } = text
  if (points.length === 0) return <Text c="dimmed">{system.unused}</Text>
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
      <Rows
        label={system.byDialect}
        columns={[{ title: use.dialect }, { title: use.count }]}
        rows={byDialect(points).map(([dialect, count]) => ({ id: dialect, cells: [dialect, number(count)] }))}
      />
      <Rows
        label={system.mostUsed}
        columns={[{ title: system.mostUsed }, { title: use.count }]}
        rows={keys.map(({ key, count }) => ({
          id: key,
          cells: [
            <Link key="key" to="/keys/$key" params={{ key }} search={{ tab: 'use' }} className="row-link mono">
              {key}
            </Link>,
            number(count),
          ],
        }))}
      />
    </SimpleGrid>
  )
}

export const Uses = () => {
  const { system } = useSpeech().text
  const { asked, choice } = useSpan()
  const read = useRead('uses-total', asked)
  return (
    <Section title={system.uses} about={system.usesWhy} actions={choice}>
      <Ready of={read}>{(answer) => <Counted {...answer} />}</Ready>
    </Section>
  )
}
