import { Alert, Stack, Table, Text } from '@mantine/core'
import type { KeyDetail } from '../../api/actions.ts'
import { Section } from '../../parts/page.tsx'
import { Scroller } from '../../parts/scroller.tsx'
import { useText } from '../../text/language.tsx'

const names: Readonly<Record<string, string>> = { tencent: 'Tencent Cloud', huawei: 'Huawei Cloud' }

const written = (value: unknown): string => {
  if (value === undefined) return '—'
  if (typeof value === 'string') return value === '' ? '""' : value
  return JSON.stringify(value)
}

/** KeyId and key_id are the same member in two spellings. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase()

const pairsOf = (clouds: KeyDetail['clouds']): string[][] => {
  const members = new Map<string, string[]>()
  clouds.forEach(({ members: shown }, cloud) => {
    for (const name of Object.keys(shown)) {
      const row = members.get(plain(name)) ?? clouds.map(() => '')
      row[cloud] = name
      members.set(plain(name), row)
    }
  })
  const together = (row: string[]) => row.filter((name) => name !== '').length
  return [...members.values()].sort((a, b) => together(b) - together(a))
}

const Member = ({ name, members }: { readonly name: string; readonly members: Record<string, unknown> }) =>
  name === '' ? (
    <Text c="dimmed" size="sm">
      —
    </Text>
  ) : (
    <>
      <Text size="xs" c="dimmed" className="mono">
        {name}
      </Text>
      <span className="mono">{written(members[name])}</span>
    </>
  )

export const Clouds = ({ detail: { clouds } }: { readonly detail: KeyDetail }) => {
  const { clouds: text } = useText()
  if (clouds.length === 0) return <Alert title={text.none}>{text.noneWhy}</Alert>
  return (
    <Section title={text.title} about={text.about}>
      <Stack>
        <Scroller label={text.title}>
          <Table layout="fixed" miw={520} verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                {clouds.map(({ cloud }) => (
                  <Table.Th key={cloud} scope="col">
                    {names[cloud] ?? cloud}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pairsOf(clouds).map((row) => (
                <Table.Tr key={row.join(' ')}>
                  {clouds.map(({ cloud, members }, index) => (
                    <Table.Td key={cloud}>
                      <Member name={row[index] ?? ''} members={members} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroller>
      </Stack>
    </Section>
  )
}
