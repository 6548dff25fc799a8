import { Stack, Text } from '@mantine/core'
import { lazy, Suspense, useMemo } from 'react'
import type { KeyDetail } from '../../api/actions.ts'
import { useRead } from '../../api/use.ts'
import { Section } from '../../parts/page.tsx'
import { useSpan } from '../../parts/span.tsx'
import { Loading, Ready } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { useSpeech } from '../../text/language.tsx'

const UseChart = lazy(async () => ({ default: (await import('../../parts/charts.tsx')).UseChart }))

export const Use = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { text, number } = useSpeech()
  const { use } = text
  const { asked: span, choice } = useSpan()
  const asked = useMemo(() => ({ key: key.id, ...span }), [key.id, span])
  const read = useRead('key-uses', asked)
  return (
    <Section title={use.title} about={use.about} actions={choice}>
      <Ready of={read}>
        {({ points, by }) => (
          <Stack>
            <Suspense fallback={<Loading lines={5} />}>
              <UseChart points={points} step={asked.step} />
            </Suspense>
            {by.length === 0 ? (
              <Text c="dimmed">{use.none}</Text>
            ) : (
              <Rows
                label={use.by}
                columns={[{ title: use.who }, { title: use.dialect }, { title: use.version }, { title: use.count }]}
                rows={by.map((row) => ({
                  id: `${row.principal} ${row.dialect} ${row.version}`,
                  cells: [row.principalName || row.principal, row.dialect, row.version, number(row.count)],
                }))}
              />
            )}
          </Stack>
        )}
      </Ready>
    </Section>
  )
}
