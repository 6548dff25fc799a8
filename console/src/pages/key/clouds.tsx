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

/** First what several clouds have under one name, side by side; then what is each one's own. */
const rowsOf = (clouds: KeyDetail['clouds']): string[][] => {
  const names = clouds.map(({ members }) => Object.keys(members))
  const nameIn = (cloud: number, name: string) => names[cloud]?.find((each) => plain(each) === plain(name)) ?? ''
  const rows = (names[0] ?? []).map((name) => clouds.map((_, cloud) => nameIn(cloud, name)))
  const shared = rows.filter((row) => row.every((name) => name !== ''))
  const taken = new Set(shared.flat())
  const own = names.map((each) => each.filter((name) => !taken.has(name)))
  const longest = Math.max(...own.map(({ length }) => length))
  return [...shared, ...Array.from({ length: longest }, (_, row) => own.map((each) => each[row] ?? ''))]
}

const Member = ({ name, members }: { readonly name: string; readonly members: Record<string, unknown> }) =>
  name === '' ? null : (
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
              {rowsOf(clouds).map((row) => (
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
