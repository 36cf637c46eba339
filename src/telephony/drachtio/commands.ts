import type { CallCommand, CallCommandType, PlayItem } from '../../call/commands.ts'
import type { CommandFailure, PlayEnd } from '../../call/events.ts'
import { messageOf } from '../../errors.ts'
import { hangUpEnding, REFUSALS } from '../endings.ts'
import { bridge, rejoin, silence, unbridge } from './joining.ts'
import type { Leg } from './leg.ts'
import type { Audible } from './player.ts'
import { listPath, musicPath, whyUnplayable, whyUnwritable } from './prompt-paths.ts'

/** What commands need of the backend. */
export interface CommandSurroundings {
  leg(call: string): Leg | undefined
  dial(command: Extract<CallCommand, { type: 'dial' }>): void
  /** Owns work that goes on after `execute`. */
  own(work: Promise<void>, command: CallCommand): void
}

type Of<Type extends CallCommandType> = Extract<CallCommand, { type: Type }>
type Handler<Type extends CallCommandType> = (
  leg: Leg,
  command: Of<Type>,
  around: CommandSurroundings,
) => void | Promise<void>
type Handlers = { [Type in CallCommandType]: Handler<Type> }

/** RFC 4733 3.2. */
const KEYS = /^[0-9*#A-D]+$/
const ON_HOLD = 'the call is on hold'
const NOT_BRIDGED = 'the call is not bridged'

/** Carries a command out. Its ending comes as an event: from media, from the far end, or right away. */
export function executeCommand(
  command: CallCommand,
  around: CommandSurroundings,
  failed: (reason: CommandFailure, detail: string) => void,
): void {
  if (command.type === 'dial') return around.dial(command)
  const leg = around.leg(command.call)
  if (!leg) return failed('no-such-call', `there is no call ${command.call}`)
  // `call.ended` is on its way, and ends this command too.
  if (leg.state === 'ending') return
  if (leg.state === 'new' && !BEFORE_THE_ANSWER.has(command.type)) {
    return failed('wrong-state', `${command.type} was asked for before the call was answered`)
  }
  const work = run(leg, command, around)
  if (work) around.own(work, command)
}

function run<Type extends CallCommandType>(
  leg: Leg,
  command: Of<Type>,
  around: CommandSurroundings,
): void | Promise<void> {
  const handler: Handler<Type> = HANDLERS[command.type as Type]
  return handler(leg, command, around)
}

const BEFORE_THE_ANSWER: ReadonlySet<CallCommandType> = new Set(['answer', 'reject', 'hangup'])

/** One entry for every command: a new one does not compile until it is here. */
const HANDLERS: Handlers = {
  answer: (leg, { id }) => {
    if (leg.state !== 'new' || !leg.signalling?.answer(id))
      refuse(leg, id, 'only an offered call can be answered')
  },
  reject: (leg, { id, cause, retryAfterSeconds }) => {
    if (leg.direction !== 'inbound' || leg.state !== 'new')
      return refuse(leg, id, 'only an offered call can be rejected')
    const refusal = REFUSALS[cause]
    leg.hangUp({ ...refusal, by: 'local' }, refusal.status, retryAfterSeconds)
  },
  play: async (leg, { id, items, interruptible }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    await queued(leg, files(items), id, () => {
      leg.interruptible = interruptible ? id : undefined
      leg.player.play(prompt(leg, id, items))
    })
  },
  whisper: async (leg, { id, items }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    if (!leg.bridgedWith) return refuse(leg, id, NOT_BRIDGED)
    await leg.lane.run(async () => {
      if (leg.held) return refuse(leg, id, ON_HOLD)
      for (const name of new Set(files(items))) {
        const why = await whyUnplayable(name)
        if (why !== undefined) return refuse(leg, id, why, 'missing-file')
      }
      const endpoint = leg.placed?.endpoint
      if (endpoint && leg.state === 'answered') await leg.whisperer.start(endpoint, id, items)
    })
  },
  'play.stop': async (leg, { id }) => {
    await leg.lane.run(async () => {
      if (leg.player.kind === 'play') leg.player.cut('stopped')
    })
    if (!leg.held) await leg.player.idleOf('play')
    done(leg, id)
  },
  'music.start': async (leg, { id, file }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    await queued(leg, [file], id, () => leg.player.play(music(leg, id, file, 'music')))
  },
  'music.stop': async (leg, { id }) => {
    await leg.lane.run(async () => {
      if (leg.player.kind === 'music') leg.player.cut('stopped')
    })
    if (!leg.held) await leg.player.idleOf('music')
    done(leg, id)
  },
  dial: (_leg, command, around) => around.dial(command),
  'digits.send': async (leg, { id, digits }) => {
    if (!KEYS.test(digits))
      return refuse(leg, id, `${digits.length} keys, of which one is on no phone`, 'failed')
    await leg.placed?.endpoint.sendKeys(digits)
    done(leg, id)
  },
  'record.start': async (leg, command) => {
    if (leg.recorder.busy) return refuse(leg, command.id, 'the call is being recorded already')
    leg.recorder.reserve()
    await leg.lane.run(async () => {
      const why = await whyUnwritable(command.file)
      const endpoint = leg.placed?.endpoint
      if (why === undefined && endpoint && leg.state === 'answered') {
        return leg.recorder.start(endpoint, command)
      }
      leg.recorder.release()
      refuse(leg, command.id, why ?? 'the call has no media', 'failed')
    })
  },
  'record.stop': async (leg, { id }) => {
    await leg.lane.run(() => leg.recorder.stop())
    done(leg, id)
  },
  bridge: (leg, command, around) => {
    const peer = around.leg(command.with)
    if (!peer || peer === leg)
      return refuse(leg, command.id, `there is no other call ${command.with}`, 'no-such-call')
    if (peer.state !== 'answered') return refuse(leg, command.id, `${command.with} has not been answered`)
    if ([leg, peer].some((each) => each.bridgedWith ?? each.bridging))
      return refuse(leg, command.id, 'one of the calls is bridged already')
    if (leg.held || peer.held) return refuse(leg, command.id, 'one of the calls is on hold')
    leg.bridging = peer
    peer.bridging = leg
    return bridge(leg, peer, command.id)
  },
  unbridge: (leg, { id }) => {
    const peer = leg.bridgedWith
    return peer ? unbridge(leg, peer, id) : refuse(leg, id, NOT_BRIDGED)
  },
  hold: async (leg, { id, file }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    leg.held = true
    const why = file === undefined ? undefined : await whyUnplayable(file)
    if (why !== undefined) {
      leg.held = false
      return refuse(leg, id, why, 'missing-file')
    }
    leg.player.cut('stopped')
    leg.whisperer.stop()
    await silence(leg)
    if (leg.state !== 'answered') return
    if (file === undefined) return done(leg, id)
    leg.player.play(music(leg, id, file, 'hold'))
  },
  unhold: async (leg, { id }) => {
    if (!leg.held) return refuse(leg, id, 'the call is not on hold')
    leg.held = false
    leg.player.cut('stopped')
    await rejoin(leg)
    done(leg, id)
  },
  hangup: (leg) => leg.hangUp(hangUpEnding(leg)),
}

function files(items: readonly PlayItem[]): string[] {
  return items.flatMap((item) => ('file' in item ? item.file : []))
}

/** Begins to play when it is the command's turn, if all of its files are there and the call is still up. */
async function queued(leg: Leg, names: readonly string[], command: string, play: () => void): Promise<void> {
  await leg.lane.run(async () => {
    for (const name of new Set(names)) {
      const why = await whyUnplayable(name)
      if (why !== undefined && leg.state === 'answered') {
        leg.player.cut('stopped')
        return refuse(leg, command, why, 'missing-file')
      }
    }
    if (leg.state !== 'answered') return
    if (leg.held) return refuse(leg, command, ON_HOLD)
    play()
  })
}

function prompt(leg: Leg, command: string, items: readonly PlayItem[]): Audible {
  const over = (): void => {
    if (leg.interruptible === command) leg.interruptible = undefined
  }
  return {
    kind: 'play',
    path: listPath(items),
    begun: () => undefined,
    ended: (reason: PlayEnd) => {
      over()
      if (leg.state === 'answered') leg.emit({ type: 'call.played', call: leg.id, command, reason })
    },
    failed: (how) => {
      over()
      refuse(leg, command, whatFailed(how, files(items)), how === 'missing' ? 'missing-file' : 'failed')
    },
  }
}

function music(leg: Leg, command: string, file: string, kind: 'music' | 'hold'): Audible {
  let told = false
  return {
    kind,
    path: musicPath(file),
    begun: () => {
      told = true
      done(leg, command)
    },
    ended: () => {
      // Something else took its place before it could be heard.
      if (!told) done(leg, command)
    },
    failed: (how) => {
      if (kind === 'hold') leg.held = false
      if (!told) refuse(leg, command, whatFailed(how, [file]), how === 'missing' ? 'missing-file' : 'failed')
    },
  }
}

function whatFailed(how: 'missing' | 'failed', names: readonly string[]): string {
  const what = how === 'missing' ? 'cannot open' : 'failed to play'
  return `FreeSWITCH ${what} ${names.join(', ')}; it must see the same folder under the same path`
}

function done(leg: Leg, command: string): void {
  if (leg.state === 'answered') leg.emit({ type: 'command.done', call: leg.id, command })
}

function refuse(leg: Leg, command: string, detail: string, reason: CommandFailure = 'wrong-state'): void {
  if (leg.state !== 'ending') leg.emit({ type: 'command.failed', call: leg.id, command, reason, detail })
}

/** The ending of a command whose work failed on the way. */
export function broken(leg: Leg | undefined, command: CallCommand, error: unknown): void {
  if (leg) refuse(leg, command.id, messageOf(error), 'failed')
}
