import { SegmentedControl, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { KeyDetail, Step } from '../../api/actions.ts'
import { useRead } from '../../api/use.ts'
import { Section } from '../../parts/page.tsx'
import { Loading, Ready } from '../../parts/states.tsx'
import { Rows } from '../../parts/table.tsx'
import { useSpeech } from '../../text/language.tsx'

const UseChart = lazy(async () => ({ default: (await import('../../parts/charts.tsx')).UseChart }))

const spans: Record<string, { readonly hours: number; readonly step: Step }> = {
  hour: { hours: 1, step: 'minute' },
  day: { hours: 24, step: 'hour' },
  month: { hours: 24 * 30, step: 'day' },
  year: { hours: 24 * 365, step: 'day' },
}

/** Whole minutes, so that the same question is asked while the page is looked at. */
const windowOf = (span: string) => {
  const { hours, step } = spans[span] ?? { hours: 24, step: 'hour' as const }
  const to = Math.ceil(Date.now() / 60_000) * 60_000
  return { from: new Date(to - hours * 3_600_000).toISOString(), to: new Date(to).toISOString(), step }
}

export const Use = ({ detail: { key } }: { readonly detail: KeyDetail }) => {
  const { text, number } = useSpeech()
  const { use } = text
  const [span, choose] = useState('day')
  const asked = useMemo(() => ({ key: key.id, ...windowOf(span) }), [key.id, span])
  const read = useRead('key-uses', asked)
  return (
    <Section
      title={use.title}
      about={use.about}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={use.span}
          value={span}
          onChange={choose}
          data={[
            { value: 'hour', label: use.hour },
            { value: 'day', label: use.day },
            { value: 'month', label: use.month },
            { value: 'year', label: use.year },
          ]}
        />
      }
    >
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
