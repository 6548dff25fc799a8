/** Charts, in a file of their own, since what draws them is as large as the rest of the console. */
import '@mantine/charts/styles.css'
import { AreaChart, BarChart, LineChart } from '@mantine/charts'
import { VisuallyHidden } from '@mantine/core'
import type { Step } from '../api/actions.ts'
import { useSpeech } from '../text/language.tsx'

const clock = (language: string, step: Step) =>
  new Intl.DateTimeFormat(
    language === 'zh' ? 'zh-CN' : 'en-GB',
    step === 'day' ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  )

interface UseProps {
  readonly points: readonly { at: string; count: number }[]
  readonly step: Step
}

export const UseChart = ({ points, step }: UseProps) => {
  const { text, language, number } = useSpeech()
  const format = clock(language, step)
  const total = points.reduce((sum, { count }) => sum + count, 0)
  return (
    <figure style={{ margin: 0 }}>
      <VisuallyHidden component="figcaption">{text.use.summary(number(total))}</VisuallyHidden>
      <BarChart
        h={220}
        data={points.map(({ at, count }) => ({ at: format.format(new Date(at)), [text.use.count]: count }))}
        dataKey="at"
        series={[{ name: text.use.count, color: 'harbour.6' }]}
        barProps={{ isAnimationActive: false }}
        tickLine="none"
        valueFormatter={number}
      />
    </figure>
  )
}

interface LoadProps {
  readonly points: readonly {
    at: string
    requests: number
    refused: number
    failed: number
    p50Ms: number
    p99Ms: number
  }[]
}

export const ThroughputChart = ({ points }: LoadProps) => {
  const { text, language, number } = useSpeech()
  const format = clock(language, 'minute')
  const { system } = text
  return (
    <AreaChart
      h={220}
      data={points.map(({ at, requests, refused, failed }) => ({
        at: format.format(new Date(at)),
        [system.requests]: requests,
        [system.refused]: refused,
        [system.failed]: failed,
      }))}
      dataKey="at"
      withDots={false}
      withLegend
      series={[
        { name: system.requests, color: 'harbour.6' },
        { name: system.refused, color: 'yellow.7' },
        { name: system.failed, color: 'red.7' },
      ]}
      areaProps={{ isAnimationActive: false }}
      curveType="monotone"
      tickLine="none"
      valueFormatter={number}
    />
  )
}

export const LatencyChart = ({ points }: LoadProps) => {
  const { language } = useSpeech()
  const format = clock(language, 'minute')
  return (
    <LineChart
      h={220}
      data={points.map(({ at, p50Ms, p99Ms }) => ({
        at: format.format(new Date(at)),
        'p50 ms': p50Ms,
        'p99 ms': p99Ms,
      }))}
      dataKey="at"
      withDots={false}
      withLegend
      series={[
        { name: 'p50 ms', color: 'harbour.6' },
        { name: 'p99 ms', color: 'orange.7' },
      ]}
      lineProps={{ isAnimationActive: false }}
      curveType="monotone"
      tickLine="none"
    />
  )
}
