import { expect, test } from 'vitest'
import { Histogram, prometheusText } from '../../../src/api/metrics.ts'

test('figures in the text format, with what is special in labels escaped', () => {
  const text = prometheusText([
    {
      name: 'waiting',
      type: 'gauge',
      help: 'Who waits,\nby \\ queue.',
      samples: [
        { labels: { queue: 'a "b" \\ c\nd', site: 'x' }, value: 1.5 },
        { value: Number.POSITIVE_INFINITY },
      ],
    },
    { name: 'none_total', type: 'counter', help: 'None.', samples: [] },
  ])
  expect(text).toBe(
    [
      '# HELP waiting Who waits,\\nby \\\\ queue.',
      '# TYPE waiting gauge',
      'waiting{queue="a \\"b\\" \\\\ c\\nd",site="x"} 1.5',
      'waiting +Inf',
      '# HELP none_total None.',
      '# TYPE none_total counter',
      '',
    ].join('\n'),
  )
})

test('a histogram counts in steps, each with all below it', () => {
  const gaps = new Histogram([0.01, 0.1])
  for (const gap of [0.01, 0.011, 3, 0]) gaps.add(gap)
  expect(prometheusText([gaps.metric('gap_seconds', 'Gaps.')])).toBe(
    [
      '# HELP gap_seconds Gaps.',
      '# TYPE gap_seconds histogram',
      'gap_seconds_bucket{le="0.01"} 2',
      'gap_seconds_bucket{le="0.1"} 3',
      'gap_seconds_bucket{le="+Inf"} 4',
      'gap_seconds_sum 3.021',
      'gap_seconds_count 4',
      '',
    ].join('\n'),
  )
})
