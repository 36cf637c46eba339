import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyText } from '../../../src/cli/why-text.ts'

/** What the page shows is what the command says. */
const page = readFileSync(join(import.meta.dirname, '../../../docs/routing-explained.md'), 'utf8')
const [, example] = /```\n(contact c-17\n[^`]+)```/.exec(page) ?? []

const place = {
  contact: 'c-17',
  queue: 'billing',
  channel: 'voice',
  strictClass: 5,
  joinedAt: 0,
  headStartMs: 60_000,
  adjustmentMs: 0,
  boostMs: 0,
  step: { number: 2, of: 2, who: 'every member', sinceMs: 65_000, skipped: ['step 1 (ana) has nobody free'] },
  required: 'billing:3',
}

test('says in names why Ana, why not Luis, and why somebody still waits', () => {
  const text = whyText({
    contact: 'c-17',
    waiting: {
      ...place,
      askedAt: 95_000,
      waitedMs: 95_000,
      state: 'waiting',
      position: 1,
      summary: '1 agent could have it now: 1 talking',
      candidates: [
        { agent: 'ana', name: 'Ana Ruiz', verdict: 'rejected', reason: 'talking', because: 'talking' },
      ],
      others: [{ reason: 'logged-out', agents: 3 }],
    },
    offers: [
      {
        offer: 'o-1',
        outcome: 'no-answer',
        why: {
          ...place,
          decidedAt: 30_000,
          waitedMs: 30_000,
          strategy: 'longest-idle',
          chosen: 'ana',
          candidates: [
            {
              agent: 'ana',
              name: 'Ana Ruiz',
              verdict: 'chosen',
              because: 'idle longest',
              score: { preference: 1, idleMs: 12_000 },
            },
            {
              agent: 'luis',
              name: 'Luis Gil',
              verdict: 'ranked-lower',
              reason: 'ranked-lower',
              because: 'idle 5 s, less than ana',
            },
          ],
          others: [],
        },
      },
    ],
  })
  expect(text).toBe(example)
})

test('says when nobody has had a contact offered', () => {
  expect(whyText({ contact: 'c-1', offers: [] })).toBe(
    'contact c-1\n\nIt waits in no queue, and nobody has had it offered.\n',
  )
})
