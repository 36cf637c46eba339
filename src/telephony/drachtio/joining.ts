/**
 * Who hears whom. Two legs that are bridged hear each other in FreeSWITCH unless one of them is on hold; held legs
 * are parted there, and joined again when the hold ends. Legs on two media servers meet on one of them.
 */
import { messageOf } from '../../errors.ts'
import { runInBoth } from './lane.ts'
import type { Leg } from './leg.ts'
import type { MediaEndpoint } from './media-endpoint.ts'

/** A bridge that `bridge` has checked and marked on both legs. Ends in one event. */
export async function bridge(leg: Leg, peer: Leg, command: string): Promise<void> {
  await runInBoth(leg.lane, peer.lane, async () => {
    const failed = (reason: 'no-such-call' | 'failed', detail: string): void =>
      leg.emit({ type: 'command.failed', call: leg.id, command, reason, detail })
    try {
      if (bothUp(leg, peer)) await join(leg, peer)
      if (leg.state !== 'answered') return
      if (peer.state !== 'answered')
        return failed('no-such-call', 'the other call ended before the two were bridged')
      leg.bridgedWith = peer
      peer.bridgedWith = leg
      leg.emit({ type: 'call.bridged', calls: [leg.id, peer.id], command })
    } catch (error) {
      if (leg.state === 'answered') failed('failed', messageOf(error))
    } finally {
      leg.bridging = undefined
      peer.bridging = undefined
    }
  })
}

/** Parts two; both stay up. */
export async function unbridge(leg: Leg, peer: Leg, command: string): Promise<void> {
  await runInBoth(leg.lane, peer.lane, async () => {
    // Whoever ended meanwhile has told that they are parted, and this command's ending is with it.
    if (leg.bridgedWith !== peer) {
      if (leg.state === 'answered') leg.emit({ type: 'command.done', call: leg.id, command })
      return
    }
    await disjoin(leg, peer)
    if (leg.bridgedWith !== peer) {
      if (leg.state === 'answered') leg.emit({ type: 'command.done', call: leg.id, command })
      return
    }
    leg.bridgedWith = undefined
    peer.bridgedWith = undefined
    leg.emit({ type: 'call.unbridged', calls: [leg.id, peer.id], command })
  })
}

/** Parts a leg that is now on hold from whoever hears it. */
export async function silence(leg: Leg): Promise<void> {
  const peer = leg.bridgedWith
  if (!peer) return leg.lane.run(() => leg.player.idle())
  await runInBoth(leg.lane, peer.lane, async () => {
    await disjoin(leg, peer)
    await leg.player.idle()
  })
}

/** Joins a leg whose hold has ended with whom it is bridged, unless that one is on hold. */
export async function rejoin(leg: Leg): Promise<void> {
  const peer = leg.bridgedWith
  if (!peer) return leg.lane.run(() => leg.player.idle())
  await runInBoth(leg.lane, peer.lane, async () => {
    const stands = bothUp(leg, peer) && leg.bridgedWith === peer && !leg.held && !peer.held
    if (stands && !leg.joined) await join(leg, peer)
    else await leg.player.idle()
  })
}

/** What plays on either stops; then FreeSWITCH joins them. @throws when it cannot */
async function join(leg: Leg, peer: Leg): Promise<void> {
  await meet(leg, peer)
  // FreeSWITCH ends what they hear when it joins them; a break of ours first would cost the time of a syllable.
  for (const each of [leg, peer]) each.player.yield()
  const [one, other] = endpoints(leg, peer)
  try {
    await Promise.all([one.bridge(other), leg.player.idle(), peer.player.idle()])
  } catch (error) {
    // Whoever is left would hear it for ever.
    for (const each of [leg, peer]) each.player.breakOff()
    throw error
  }
  if (!bothUp(leg, peer)) return
  leg.joined = true
  peer.joined = true
}

async function disjoin(leg: Leg, peer: Leg): Promise<void> {
  if (!leg.joined) return
  leg.joined = false
  peer.joined = false
  const [one, other] = endpoints(leg, peer)
  await one.unbridge(other)
}

/** Both on one media server; the one that is not being recorded moves. */
async function meet(leg: Leg, peer: Leg): Promise<void> {
  if (leg.placed?.server === peer.placed?.server) return
  const [moves, stays] = leg.recorder.busy ? [peer, leg] : [leg, peer]
  if (moves.recorder.busy) throw new Error('both calls are being recorded, on two media servers')
  await moves.move(stays.placed?.server)
}

function bothUp(leg: Leg, peer: Leg): boolean {
  return leg.state === 'answered' && peer.state === 'answered'
}

function endpoints(leg: Leg, peer: Leg): readonly [MediaEndpoint, MediaEndpoint] {
  const [one, other] = [leg.placed?.endpoint, peer.placed?.endpoint]
  if (!one || !other) throw new Error('one of the calls has no media')
  return [one, other]
}
