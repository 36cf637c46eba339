/** What a store has in common with others that several processes share. */
import { afterEach, describe, expect, it } from 'vitest'
import { BEGINNING, type Entry } from '../../src/state/journal.ts'
import type { Term } from '../../src/state/leadership.ts'
import type { State } from '../../src/state/state.ts'
import { until } from '../support/until.ts'
import { commit, elect, groupOf, newDomain, type OpenState, readAll } from './state.ts'

export function stateBetweenNodes(open: OpenState, leaseMs: number): void {
  describe('between nodes', () => {
    const opened: State[] = []
    const openNode = async (domain: string): Promise<State> => {
      const state = await open(domain)
      opened.push(state)
      return state
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((state) => state.close()))
    })

    it('one of those who stand is elected, and another one when it has died', async () => {
      const domain = newDomain()
      const nodes = await Promise.all([1, 2, 3].map(() => openNode(domain)))
      const elected: { node: State; term: Term; at: number }[] = []
      for (const node of nodes) {
        node.leadership.campaign({
          elected: (term) => elected.push({ node, term, at: performance.now() }),
          lost: () => undefined,
        })
      }
      await until('one is elected', () => elected.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 3 * leaseMs))
      expect(elected).toHaveLength(1)
      const diedAt = performance.now()
      await elected[0]!.node.close()
      await until('another one is elected', () => elected.length > 1)
      expect(elected[1]!.term.epoch).toBe(elected[0]!.term.epoch + 1)
      expect(elected[1]!.at - diedAt).toBeGreaterThan(leaseMs / 3)
    })

    it('the next one follows at once when the writer resigns', async () => {
      const domain = newDomain()
      const [first, second] = [await openNode(domain), await openNode(domain)]
      const term = await elect(first)
      const next = elect(second)
      await first.leadership.resign()
      expect((await next).epoch).toBe(term.epoch + 1)
    })

    it('a writer that was replaced while it stood still is refused, and told', async () => {
      const domain = newDomain()
      const [first, second] = [await openNode(domain), await openNode(domain)]
      const lost: Term[] = []
      const term = await new Promise<Term>((resolve) => {
        first.leadership.campaign({ elected: resolve, lost: (gone) => lost.push(gone) })
      })
      const end = await commit(first, term, groupOf(BEGINNING, ['a']))
      // As if its lease had run out: another one takes the term by force.
      const later = { epoch: term.epoch + 1, owner: 'second' }
      const snapshot = { engine: 'e 1', position: end, state: {} }
      expect(await second.journal.resume(later, snapshot, [])).toMatchObject({ outcome: 'committed' })
      expect(await first.journal.append(term, groupOf(end, ['late']))).toEqual({
        outcome: 'fenced',
        epoch: later.epoch,
      })
      await until('it is told', () => lost.length === 1)
      expect(lost).toEqual([term])
    })

    it('a standby sees all that the writer appends, and goes on behind it', async () => {
      const domain = newDomain()
      const [writer, standby] = [await openNode(domain), await openNode(domain)]
      const seen: Entry[] = []
      standby.journal.follow(BEGINNING, {
        receive: (entries) => seen.push(...entries),
        interrupted: (error) => expect.unreachable(error.message),
      })
      const term = await elect(writer)
      let end = BEGINNING
      for (let n = 1; n <= 20; n++) end = await commit(writer, term, groupOf(end, [n, -n]))
      await until('everything', () => seen.length === 40)
      expect(seen.at(-1)).toMatchObject(end)
      await writer.leadership.resign()
      const next = await elect(standby)
      end = await commit(standby, next, groupOf(seen.at(-1)!, ['mine']))
      expect((await readAll(standby)).map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 41 }, (_, index) => index + 1),
      )
    })

    it('an input of another node reaches the writer, and its effect that node', async () => {
      const domain = newDomain()
      const [writer, node] = [await openNode(domain), await openNode(domain)]
      const term = await elect(writer)
      const performed: unknown[] = []
      node.journal.outbox('node-2').follow((effects) => {
        performed.push(...effects.map(({ effect }) => effect))
        void node.journal.outbox('node-2').acknowledge(effects.at(-1)!.sequence)
      })
      writer.journal.inbox.follow((entries) => {
        const effects = new Map([['node-2', [{ sequence: 1, index: 0, effect: 'ring' }]]])
        const group = groupOf(
          BEGINNING,
          entries.map(({ input }) => input),
          { effects },
        )
        void writer.journal.append(term, { ...group, taken: entries.map(({ id }) => id) })
      })
      await node.journal.inbox.put([{ key: 'node-2:1', input: 'queued' }])
      await until('it is performed', () => performed.length === 1)
      expect(performed).toEqual(['ring'])
      await until('it is acknowledged', async () => {
        return (await writer.journal.outbox('node-2').pending()).length === 0
      })
    })
  })
}
