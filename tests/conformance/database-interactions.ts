import { expect, it } from 'vitest'
import type { Explanation } from '../../src/acd/contract.ts'
import { readTimeline } from '../../src/crm/timeline.ts'
import { insertInteractions, readExplanation, readInteraction } from '../../src/database/interactions.ts'
import type { Database } from '../../src/database/open-database.ts'
import { addVoicemail, listVoicemails, markVoicemail, readVoicemail } from '../../src/database/voicemails.ts'
import { interaction } from './interactions.ts'

const startedAt = Date.UTC(2026, 0, 5, 9)

const why: Explanation = {
  contact: 'i1',
  queue: 'billing',
  channel: 'voice',
  decidedAt: startedAt,
  strictClass: 5,
  joinedAt: startedAt,
  adjustmentMs: 0,
  boostMs: 0,
  waitedMs: 900,
  headStartMs: 0,
  step: { number: 1, of: 2, who: 'named agent', sinceMs: 0, skipped: [] },
  required: 'billing:3',
  strategy: 'longest-idle',
  chosen: 'ana',
  candidates: [{ agent: 'ana', verdict: 'chosen', because: 'named agent', score: { preference: 1 } }],
  others: [],
}

/** Finished interactions, their timeline, voicemails. */
export function interactionsConformance(open: () => Database): void {
  it('gives an interaction back as it was, with the explanation of its offer', async () => {
    const full = interaction('i1')
    const { id, channel, direction, startedAt: began, endedAt, outcome, to } = interaction('i2')
    const from = { uri: 'sip:anonymous@anonymous.invalid' }
    const least = { id, channel, direction, startedAt: began, endedAt, outcome, from, to }
    const anonymous = { ...least, path: [], data: {}, segments: [] }
    await insertInteractions(
      open(),
      JSON.stringify([
        { at: 1, interaction: full, explanations: [{ offer: 'i1-o1', why }] },
        { at: 1, interaction: anonymous, explanations: [] },
      ]),
    )
    expect(await readInteraction(open(), 'i1')).toEqual(full)
    expect(await readInteraction(open(), 'i2')).toEqual(anonymous)
    expect(await readInteraction(open(), 'i3')).toBeUndefined()
    expect(await readExplanation(open(), 'i1-o1')).toEqual(why)
    expect(await readExplanation(open(), 'nobody')).toBeUndefined()
  })

  it('leaves one that is there as it is, and takes the others of the batch', async () => {
    const entry = (id: string) => ({ interaction: interaction(id, { outcome: 'failed' }), explanations: [] })
    await insertInteractions(open(), JSON.stringify([entry('i1'), entry('i4')]))
    expect(await readInteraction(open(), 'i1')).toMatchObject({ outcome: 'handled', segments: { length: 4 } })
    expect(await readInteraction(open(), 'i4')).toMatchObject({ outcome: 'failed', segments: { length: 4 } })
  })

  it('takes a batch wholly or not at all', async () => {
    const entries = [interaction('i5'), { ...interaction('i6'), outcome: null }]
    const batch = JSON.stringify(entries.map((each) => ({ interaction: each, explanations: [] })))
    await expect(insertInteractions(open(), batch)).rejects.toMatchObject({ code: '23502' })
    expect(await readInteraction(open(), 'i5')).toBeUndefined()
  })

  it('pages through a timeline, latest first, even where contacts began at the same time', async () => {
    const starts = [5, 4, 4, 4, 3, 2, 1]
    const entries = starts.map((seconds, index) => ({
      interaction: interaction(`t${index}`, { customer: 'paged', startedAt: startedAt + seconds * 1000 }),
      explanations: [],
    }))
    await insertInteractions(open(), JSON.stringify(entries))
    const seen: string[] = []
    let before: string | undefined
    let pages = 0
    do {
      const page = await readTimeline(open(), 'paged', { limit: 2, ...(before !== undefined && { before }) })
      seen.push(...page.entries.map(({ id }) => id))
      before = page.next
      pages++
    } while (before !== undefined)
    expect(seen).toEqual(['t0', 't3', 't2', 't1', 't4', 't5', 't6'])
    expect(pages).toBe(4)
    expect(await readTimeline(open(), 'nobody')).toEqual({ entries: [] })
    await expect(readTimeline(open(), 'paged', { before: 'x' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })

  it('tells in the timeline what came of a contact', async () => {
    const { entries } = await readTimeline(open(), 'paged', { limit: 1 })
    expect(entries).toEqual([
      {
        id: 't0',
        channel: 'voice',
        direction: 'inbound',
        startedAt: startedAt + 5000,
        endedAt: startedAt + 65_000,
        outcome: 'handled',
        queue: 'billing',
        agent: { id: 'ana', name: 'Ana Ruiz' },
        talkMs: 40_000,
        disposition: 'resolved',
        notes: "It's fine.\nReally.",
      },
    ])
  })

  it('keeps voicemails, and who heard and handled them first', async () => {
    const voicemail = {
      id: 'v1',
      mailbox: 'billing',
      interaction: 'i1',
      file: '/data/voicemails/v1.wav',
      durationMs: 4200,
      from: '+12025550142',
      customer: 'june',
      leftAt: startedAt,
    }
    const later = {
      id: 'v2',
      mailbox: 'sales',
      interaction: 'i2',
      file: '/v2.wav',
      durationMs: 1,
      leftAt: startedAt + 1,
    }
    await addVoicemail(open(), voicemail)
    await addVoicemail(open(), { ...voicemail, durationMs: 9 })
    await addVoicemail(open(), later)
    expect(await listVoicemails(open())).toEqual([later, voicemail])
    expect(await listVoicemails(open(), { mailbox: 'billing' })).toEqual([voicemail])
    const heard = { at: startedAt + 10, by: 'ana' }
    expect(await markVoicemail(open(), 'v1', 'heard', { at: heard.at, who: 'ana' })).toEqual({
      ...voicemail,
      heard,
    })
    await markVoicemail(open(), 'v1', 'heard', { at: startedAt + 20, who: 'bob' })
    const handled = { at: startedAt + 30, by: 'bob' }
    await markVoicemail(open(), 'v1', 'handled', { at: handled.at, who: 'bob' })
    expect(await readVoicemail(open(), 'v1')).toEqual({ ...voicemail, heard, handled })
    expect(await listVoicemails(open(), { handled: false })).toEqual([later])
    expect(await listVoicemails(open(), { handled: true, limit: 1 })).toMatchObject([{ id: 'v1' }])
    const missing = markVoicemail(open(), 'v9', 'heard', { at: 0, who: 'ana' })
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
}
