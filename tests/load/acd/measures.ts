import { contactFor } from '../../../src/acd/matching.ts'
import type { Place, Seat } from '../../../src/acd/model.ts'
import { agentId, type BusyCenter } from './busy-center.ts'

/** Microseconds of many single decisions. */
export interface Latencies {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

export function latenciesOf(microseconds: readonly number[]): Latencies {
  const sorted = microseconds.toSorted((one, other) => one - other)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

/**
 * An agent comes free: who is next? The match alone, with taking the contact out of the line and putting it back:
 * what has to be done with every decision, without the effects and their explanation.
 */
export function matchLatencies(center: BusyCenter, decisions: number): Latencies {
  const { state, random, size } = center
  const [lane] = state.index.lanes()
  const seats: Seat[] = []
  for (let number = 0; number < size.agents; number++) {
    const agent = state.agents.get(agentId(number))
    const seat = agent && lane && state.index.profiles.seatOf(agent, lane)
    if (seat) seats.push(seat)
  }
  const times: number[] = []
  for (let number = 0; number < decisions; number++) {
    const seat = random.pick(seats)
    if (!seat) break
    const before = performance.now()
    const place = contactFor(state, seat)
    if (place) state.index.stopWaiting(place)
    const between = performance.now()
    if (!place) continue
    state.index.wait(place)
    times.push((between - before) * 1000)
  }
  return latenciesOf(times)
}

/** The same decision by looking at everybody who waits: what the index saves. */
export function naiveLatencies(center: BusyCenter, decisions: number): Latencies {
  const { state, random, size } = center
  const waiting = [...state.places.values()].filter(({ waitingIn }) => waitingIn)
  const times: number[] = []
  for (let number = 0; number < decisions; number++) {
    const agent = state.agents.get(agentId(random.between(0, size.agents - 1)))
    const profile = agent && state.index.profiles.profileOf(agent)
    if (!profile) continue
    const before = performance.now()
    let first: Place | undefined
    for (const place of waiting) {
      if (first && place.key >= first.key) continue
      if (place.waitingIn?.profiles.has(profile.index)) first = place
    }
    times.push((performance.now() - before) * 1000)
    if (!first) throw new Error('in a busy center somebody waits for everybody')
  }
  return latenciesOf(times)
}

export interface WholeDay {
  /** A talk ends, and the agent is offered the next who waits: decision, explanation, all effects. */
  readonly decision: Latencies
  /** A contact comes, and nobody is free. */
  readonly arrival: Latencies
  readonly inputs: number
  readonly offers: number
  readonly inputsPerSecond: number
  /** CPU time of the process, all threads; what other programs take of the machine is not in it. */
  readonly cpuMicrosecondsPerInput: number
}

/** Talks end, agents are offered the next contact, accept it, and somebody new comes: as many times as told. */
export function wholeInputs(center: BusyCenter, rounds: number): WholeDay {
  const { random } = center
  const talking = center.talking()
  const decision: number[] = []
  const arrival: number[] = []
  let inputs = 0
  let offers = 0
  const cpu = process.cpuUsage()
  const began = performance.now()
  for (let round = 0; round < rounds; round++) {
    center.now += 1
    const at = random.between(0, talking.length - 1)
    const ended = talking[at] ?? ''
    const before = performance.now()
    const effects = center.say({ type: 'contact.ended', contact: ended })
    decision.push((performance.now() - before) * 1000)
    inputs++
    for (const effect of effects) {
      if (effect.type !== 'offer.made') continue
      offers++
      center.say({ type: 'offer.ringing', offer: effect.offer })
      center.say({ type: 'offer.accepted', offer: effect.offer })
      inputs += 2
      talking[at] = effect.contact
    }
    const caller = center.caller()
    const came = performance.now()
    center.say(caller)
    arrival.push((performance.now() - came) * 1000)
    inputs++
  }
  const seconds = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  return {
    decision: latenciesOf(decision),
    arrival: latenciesOf(arrival),
    inputs,
    offers,
    inputsPerSecond: inputs / seconds,
    cpuMicrosecondsPerInput: (used.user + used.system) / inputs,
  }
}
