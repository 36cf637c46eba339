import type { CallCommand, CallCommandType } from '../../call/commands.ts'
import type { CommandFailure } from '../../call/events.ts'
import type { Leg } from './leg.ts'
import { Pair } from './pair.ts'

/** What commands need of the backend. */
export interface CommandSurroundings {
  leg(call: string): Leg | undefined
  dial(command: Of<'dial'>): void
}

type Of<Type extends CallCommandType> = Extract<CallCommand, { type: Type }>
type Handler<Type extends CallCommandType> = (
  leg: Leg,
  command: Of<Type>,
  around: CommandSurroundings,
) => void

/** Carries a command out. Its ending comes as an event: from Asterisk, or right away. */
export function executeCommand(
  command: CallCommand,
  around: CommandSurroundings,
  failed: (reason: CommandFailure, detail: string) => void,
): void {
  if (command.type === 'dial') return around.dial(command)
  const leg = around.leg(command.call)
  if (!leg) return failed('no-such-call', `there is no call ${command.call}`)
  // `call.ended` is on its way, and ends this command too.
  if (leg.state === 'ending' || leg.state === 'over') return
  if (leg.state === 'new' && !BEFORE_ANSWER.includes(command.type)) {
    return failed('wrong-state', `${command.type} was asked for before the call was answered`)
  }
  if (leg.held && NOT_ON_HOLD.includes(command.type)) {
    return failed('wrong-state', `${command.type} was asked for while the call is on hold`)
  }
  run(leg, command, around)
}

const NOT_BRIDGED = 'the call is not bridged'
const BEFORE_ANSWER: readonly CallCommandType[] = ['answer', 'reject', 'hangup']
const NOT_ON_HOLD: readonly CallCommandType[] = ['play', 'whisper', 'music.start', 'bridge', 'hold']

function run<Type extends CallCommandType>(leg: Leg, command: Of<Type>, around: CommandSurroundings): void {
  const handler: Handler<Type> = HANDLERS[command.type as Type]
  handler(leg, command, around)
}

/** One entry for every command: a new one does not compile until it is here. */
const HANDLERS: { readonly [Type in CallCommandType]: Handler<Type> } = {
  answer: (leg, { id }) => {
    if (leg.direction === 'inbound' && leg.state === 'new') leg.answer(id)
    else leg.fail(id, 'wrong-state', 'only an offered call can be answered')
  },
  reject: (leg, { id, cause }) => {
    if (leg.direction === 'inbound' && leg.state === 'new') leg.reject(cause)
    else leg.fail(id, 'wrong-state', 'only an offered call can be rejected')
  },
  play: (leg, { id, items, interruptible }) => leg.player.play(id, items, interruptible),
  whisper: (leg, { id, items }) => {
    if (leg.pair?.isJoined) leg.whisper(id, items)
    else leg.fail(id, 'wrong-state', NOT_BRIDGED)
  },
  'play.stop': (leg, { id }) => leg.player.stopPlay(() => leg.done(id)),
  'music.start': (leg, { id, file }) => leg.player.startMusic(id, file),
  'music.stop': (leg, { id }) => {
    leg.player.stopMusic()
    leg.done(id)
  },
  dial: (_leg, command, around) => around.dial(command),
  'digits.send': (leg, { id, digits }) => leg.sendDigits(id, digits),
  'record.start': (leg, command) => {
    if (leg.isRecording) leg.fail(command.id, 'wrong-state', 'a recording is running already')
    else leg.record(command)
  },
  'record.stop': (leg, { id }) => leg.stopRecording(id),
  bridge: (leg, { id, with: call }, around) => {
    const other = around.leg(call)
    if (!other || other === leg || other.state === 'ending')
      return leg.fail(id, 'no-such-call', `there is no other call ${call}`)
    if (other.state !== 'answered') return leg.fail(id, 'wrong-state', `${call} has not been answered`)
    if (leg.pair || other.pair) return leg.fail(id, 'wrong-state', 'one of the calls is bridged already')
    if (other.held) return leg.fail(id, 'wrong-state', `${call} is on hold`)
    if (leg.server !== other.server) {
      const detail = `${leg.server.name} has one of the calls and ${other.server.name} the other`
      return leg.fail(id, 'unsupported', detail)
    }
    leg.pair = new Pair(leg, other, id)
  },
  unbridge: (leg, { id }) => {
    if (leg.pair?.isJoined) leg.pair.part(leg, id)
    else leg.fail(id, 'wrong-state', NOT_BRIDGED)
  },
  hold: (leg, { id, file }) => leg.hold(id, file),
  unhold: (leg, { id }) => {
    if (leg.held) leg.unhold(id)
    else leg.fail(id, 'wrong-state', 'the call is not on hold')
  },
  hangup: (leg) => leg.hangUp(),
}
