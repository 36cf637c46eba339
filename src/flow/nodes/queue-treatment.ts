import type { PromptPart } from '../effects.ts'
import { ExpressionFault } from '../evaluate.ts'
import type { Prompt, QueueFields, QueueNode, Schedule } from '../flow.ts'
import type { AnnouncedWait, FlowInput } from '../inputs.ts'
import type { Announcement, Treatment } from '../state.ts'
import type { Turn } from '../turn.ts'

/**
 * What a caller hears while waiting: the opening prompt, then music, and in it announcements and comfort messages, each
 * on its schedule. One thing at a time: what falls due while something else is said waits for its end, and for some
 * music. A clock (`status`, `comfort`) runs for each schedule, and one (`pause`) for that music.
 */

/** So much music at least between two things that are said, milliseconds. */
const PAUSE_MS = 5000

/** The caller has a place now. @param opening whether the opening prompt is being played */
export function beginTreatment(node: QueueNode, turn: Turn, opening: boolean): void {
  treat(turn, { opening })
  for (const [what, { firstMs }] of schedules(node)) {
    if (firstMs > 0) turn.startClock(what, firstMs)
    else noteDue(node, what, turn)
  }
  if (!opening) sayNext(node, turn)
}

/** The caller waits again after an agent could not be connected: with music, and announcements at their intervals. */
export function resumeTreatment(node: QueueNode, turn: Turn): void {
  for (const [what, { everyMs }] of schedules(node)) if (everyMs !== undefined) turn.startClock(what, everyMs)
  waitOn(node, turn)
}

/** Music, and some of it before the next thing is said. */
export function waitOn(node: QueueNode, turn: Turn): void {
  keepMusic(node, turn)
  if (schedules(node).length > 0) turn.startClock('pause', PAUSE_MS)
}

/** What was said is over. What is due by then follows the opening prompt at once, anything else after some music. */
export function saidAll(node: QueueNode, turn: Turn): void {
  if (!turn.activity.treatment.opening) return waitOn(node, turn)
  treat(turn, { opening: false })
  sayNext(node, turn)
}

/** A clock has run out. */
export function clockOver(node: QueueNode, purpose: string, turn: Turn): void {
  if (purpose === 'status' || purpose === 'comfort') noteDue(node, purpose, turn)
  if (turn.activity.stage === 'waiting' && !isSpeaking(turn)) sayNext(node, turn)
}

/** It is known how it stands with the caller: says so. */
export function announce(
  node: QueueNode,
  { position, wait }: Extract<FlowInput, { type: 'queue.status' }>,
  turn: Turn,
): void {
  if (turn.activity.stage !== 'waiting') return
  turn.update({
    queue: { ...turn.state.queue, ...(position !== undefined && { position }), ...figures(wait) },
  })
  if (isSpeaking(turn)) return treat(turn, { due: ['status', ...without(turn, 'status')] })
  const parts = [
    ...sayPosition(node, position, turn),
    ...sayWait(node, wait, turn),
    ...sayOffer(node, wait, turn),
  ]
  if (!turn.play(parts, false)) sayNext(node, turn)
}

/** A faulty expression costs what was to be said, never the place in the queue. */
export function rendered(prompt: Prompt, turn: Turn): PromptPart[] {
  try {
    return turn.render(prompt)
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    turn.fault('expression', error.message)
    return []
  }
}

/** Nothing is being said: says what is due, or lets music play. How it stands with the caller is asked only now. */
function sayNext(node: QueueNode, turn: Turn): void {
  const { due, comforts } = turn.activity.treatment
  const [next, ...others] = due
  if (next === undefined) return keepMusic(node, turn)
  treat(turn, { due: others })
  if (next === 'status') {
    const wait = node.announce?.wait !== undefined
    return turn.effect({ type: 'queue.status', request: turn.request('status'), wait })
  }
  const prompts = node.comfort?.prompts ?? []
  treat(turn, { comforts: comforts + 1 })
  if (!turn.play(rendered(prompts[comforts % prompts.length] ?? [], turn), false)) sayNext(node, turn)
}

function isSpeaking({ activity: { play, clocks } }: Turn): boolean {
  return play !== null || clocks['pause'] !== undefined
}

function noteDue(node: QueueNode, what: Announcement, turn: Turn): void {
  const schedule = what === 'status' ? node.announce : node.comfort
  if (schedule?.everyMs !== undefined) turn.startClock(what, schedule.everyMs)
  const others = without(turn, what)
  treat(turn, { due: what === 'status' ? [what, ...others] : [...others, what] })
}

function without(turn: Turn, what: Announcement): Announcement[] {
  return turn.activity.treatment.due.filter((other) => other !== what)
}

function schedules({ announce: status, comfort }: QueueNode): (readonly [Announcement, Schedule])[] {
  return [
    ...(status ? [['status', status] as const] : []),
    ...(comfort ? [['comfort', comfort] as const] : []),
  ]
}

function keepMusic(node: QueueNode, turn: Turn): void {
  if (!turn.activity.music) turn.startMusic(node.music)
}

export function treat(turn: Turn, change: Partial<Treatment>): void {
  turn.act({ treatment: { ...turn.activity.treatment, ...change } })
}

/** A place that is worse than one that was said (somebody more urgent came) is kept quiet. */
function sayPosition({ announce: said }: QueueNode, position: number | undefined, turn: Turn): PromptPart[] {
  const { told } = turn.activity.treatment
  if (!said?.position || position === undefined || (told !== null && position > told)) return []
  const { prompt, front = prompt, limit, beyond } = said.position
  if (position > limit) return rendered(beyond, turn)
  treat(turn, { told: position })
  return rendered(position === 1 ? front : prompt, turn)
}

function sayWait({ announce: said }: QueueNode, wait: AnnouncedWait | undefined, turn: Turn): PromptPart[] {
  if (!said?.wait || !wait) return []
  const { prompt, between = prompt, limitMs, beyond, longer } = said.wait
  if (wait.says === 'longer-than-expected') return rendered(longer, turn)
  if (wait.says === 'more-than' || wait.upToMs > limitMs) return rendered(beyond, turn)
  return rendered(wait.fromMs > 0 ? between : prompt, turn)
}

function sayOffer({ callback }: QueueNode, wait: AnnouncedWait | undefined, turn: Turn): PromptPart[] {
  if (!callback || (wait?.says === 'between' && wait.upToMs < callback.aboveMs)) return []
  return rendered(callback.offer, turn)
}

/** What expressions know of the wait, in seconds; a figure that is not said any more stays as it was said. */
function figures(wait: AnnouncedWait | undefined): Partial<QueueFields> {
  if (wait?.says === 'longer-than-expected') return { longer: true }
  if (wait?.says !== 'between') return {}
  return { wait: Math.round(wait.upToMs / 1000), waitFrom: Math.round(wait.fromMs / 1000), longer: false }
}
