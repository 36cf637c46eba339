import type { DeskState } from './desk-state.ts'
import { keyOf, type Request } from './requests.ts'

/** A wrap-up whose disposition is chosen is sent this long before its time is over, so that nothing is lost. */
const SEND_WRAP_UP_BEFORE_MS = 2000

/**
 * What the desk has to ask of the server by itself, because something that it shows is not there yet or because
 * it is time. Nothing is asked for twice: `requests` says what is under way, done or has failed.
 * @param now the server's clock, milliseconds since 1970
 */
export function needs(state: DeskState, now: number): readonly Request[] {
  if (!state.session || state.line.status !== 'live') return []
  const missing = wanted(state, now).filter((request) => state.requests[keyOf(request)] === undefined)
  const next = state.followUps.filter((request) => isOpen(state.requests[keyOf(request)]))
  return [...missing, ...next]
}

function isOpen(status: DeskState['requests'][string] | undefined): boolean {
  return status === undefined || status === 'done'
}

function wanted(state: DeskState, now: number): readonly Request[] {
  const { work, view, search } = state
  const wanted: Request[] = [{ name: 'read-center' }, { name: 'list-voicemails' }]
  const shown = view.name === 'customer' ? [view.id] : []
  const customers = [...shown, ...(work?.customer === undefined ? [] : [work.customer])]
  const people = new Set([...customers, ...(work?.candidates ?? [])])
  for (const id of people) wanted.push({ name: 'read-customer', id })
  for (const customer of new Set(customers)) wanted.push({ name: 'read-timeline', customer })
  const query = search.query.trim()
  if (view.name === 'customers' && query !== '') wanted.push({ name: 'find-customers', query })
  if (state.overlay === 'why' && work?.pop) wanted.push({ name: 'explain-offer', offer: work.pop.offer })
  const finish = dueWrapUp(state, now)
  return finish ? [...wanted, finish] : wanted
}

function dueWrapUp({ work, wrapUpDrafts }: DeskState, now: number): Request | undefined {
  if (work?.phase !== 'wrapping' || work.until === undefined) return undefined
  const { contact } = work
  const draft = wrapUpDrafts[contact]
  if (!draft || draft.disposition === '' || now < work.until - SEND_WRAP_UP_BEFORE_MS) return undefined
  return { name: 'finish-wrap-up', contact, disposition: draft.disposition, notes: draft.notes }
}
