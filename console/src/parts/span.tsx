/** A span of time that ends now, as questions about use have it, and the choice between spans. */
import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Step } from '../api/actions.ts'
import { useText } from '../text/language.tsx'

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

export const useSpan = () => {
  const { use } = useText()
  const [span, choose] = useState('day')
  const asked = useMemo(() => windowOf(span), [span])
  const choice = (
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
  )
  return { asked, choice }
}
