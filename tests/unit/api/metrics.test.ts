import { expect, test } from 'vitest'
import { prometheusText } from '../../../src/api/metrics.ts'

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
