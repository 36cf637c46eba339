import type { CenterReport } from './center-simulation.ts'
import { type Panel, type Series, svgChart } from './svg-chart.ts'

/** The report as a picture: how long callers wait, and how the day goes. */
export function centerCharts(report: CenterReport): string {
  const [first] = Object.values(report.queues)
  const panels = [waits(report)]
  if ((first?.byInterval.length ?? 0) > 1) panels.push(serviceLevels(report), contacts(report))
  return svgChart(report.name, panels)
}

function waits({ queues, pools }: CenterReport): Panel {
  const results = Object.entries(queues)
  // As far as the slowest queue still rises, but not to its last caller.
  const reach = Math.max(
    30,
    ...results.map(([, { answeredWithin }]) => {
      const end = answeredWithin.at(-1) ?? 0
      return answeredWithin.findIndex((share) => share >= 0.99 * end)
    }),
  )
  const to = [60, 120, 180, 300, 600].find((seconds) => seconds >= reach) ?? 600
  const simulated = results.map(([name, { answeredWithin }], colour): Series => {
    const last = answeredWithin.at(-1) ?? 0
    const points = Array.from({ length: to + 1 }, (_, second): [number, number] => [
      second,
      answeredWithin[second] ?? last,
    ])
    return { name, points, drawn: 'line', colour }
  })
  const formulas = pools.map(({ queues: own, expected }): Series => {
    const [only] = own
    const alone = own.length === 1
    return {
      name: alone ? `${only}, Erlang A` : 'together, Erlang A',
      points: expected.answeredWithin.flatMap(({ seconds, share }) =>
        seconds <= to ? [[seconds, share]] : [],
      ),
      drawn: 'dashed',
      colour: alone ? results.findIndex(([name]) => name === only) : 7,
    }
  })
  // Most are answered soon: the axis begins where it gets interesting.
  const least = Math.min(...results.map(([, { answeredWithin }]) => answeredWithin[10] ?? 1))
  const from = Math.min(0.8, Math.floor(10 * least) / 10)
  return {
    title: 'Answered within',
    x: { label: 'seconds from arrival', from: 0, to, ...(to % 60 === 0 && { step: to / 6 }) },
    y: { label: 'of all contacts', from, to: 1, text: percent },
    series: [...simulated, ...formulas],
  }
}

function serviceLevels({ queues, thresholdSeconds }: CenterReport): Panel {
  return {
    title: `Answered within ${thresholdSeconds} s, by time of day`,
    x: timeOfDay(queues),
    y: { label: 'of all contacts', from: 0, to: 1, text: percent },
    series: Object.entries(queues).map(([name, { byInterval }], colour) => ({
      name,
      points: byInterval.map(({ fromMs, serviceLevel }) => [
        hour(fromMs) + halfStep(byInterval),
        serviceLevel,
      ]),
      drawn: 'line',
      colour,
    })),
  }
}

function contacts({ queues }: CenterReport): Panel {
  const most = Math.max(
    1,
    ...Object.values(queues).flatMap(({ byInterval }) => byInterval.map((each) => each.offeredPerDay)),
  )
  return {
    title: 'Contacts by time of day',
    x: timeOfDay(queues),
    y: { label: 'contacts in an interval', from: 0, to: most * 1.05 },
    series: Object.entries(queues).map(([name, { byInterval }], colour) => ({
      name,
      points: byInterval.map(({ fromMs, offeredPerDay }) => [hour(fromMs), offeredPerDay]),
      drawn: 'bars',
      colour,
    })),
  }
}

type Intervals = readonly { readonly fromMs: number }[]

function timeOfDay(queues: CenterReport['queues']): Panel['x'] {
  const intervals: Intervals = Object.values(queues)[0]?.byInterval ?? []
  const from = hour(intervals[0]?.fromMs ?? 0)
  const to = hour(intervals.at(-1)?.fromMs ?? 0) + 2 * halfStep(intervals)
  const step = to - from > 12 ? 3 : 1
  return { label: 'time of day', from, to, step, text: (value) => `${String(value).padStart(2, '0')}:00` }
}

function halfStep(intervals: Intervals): number {
  return hour((intervals[1]?.fromMs ?? 0) - (intervals[0]?.fromMs ?? 0)) / 2
}

function hour(ms: number): number {
  return ms / 3_600_000
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
