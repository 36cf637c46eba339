import { beforeEach, describe, expect, it } from 'vitest'
import { type Heard, Hearing } from '../../../src/cli/phone/hearing.ts'

let heard: Heard[]
let hearing: Hearing
let now: number

beforeEach(() => {
  heard = []
  now = 0
  hearing = new Hearing((what) => heard.push(what))
})

/** Windows of 100 ms at that loudness. */
function listen(dbov: number, ms: number): void {
  for (const end = now + ms; now < end; ) hearing.add(dbov, (now += 100))
}

describe('what a phone hears', () => {
  it('sound begins once, and ends when it has been silent for longer than a sentence ends', () => {
    listen(-127, 1000)
    listen(-20, 500)
    listen(-60, 600)
    expect(heard).toEqual([{ what: 'began' }])
    listen(-60, 100)
    expect(heard).toEqual([{ what: 'began' }, { what: 'ended', soundMs: 400 }])
    expect(hearing.isSounding).toBe(false)
  })

  it('a pause after a sentence is told, one after a word is not', () => {
    listen(-20, 500)
    listen(-60, 200)
    listen(-20, 1500)
    expect(heard).toEqual([{ what: 'began' }])
    listen(-60, 100)
    expect(heard.at(-1)).toEqual({ what: 'paused' })
    listen(-60, 300)
    listen(-20, 1500)
    expect(heard).toHaveLength(2)
    expect(hearing.isSounding).toBe(true)
  })

  it('four seconds without a pause are told once', () => {
    listen(-20, 3900)
    listen(-60, 100)
    listen(-20, 3900)
    expect(heard.filter(({ what }) => what === 'unbroken')).toHaveLength(0)
    listen(-20, 5000)
    expect(heard.filter(({ what }) => what === 'unbroken')).toHaveLength(1)
  })
})
