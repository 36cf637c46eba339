import type { CallCommand, CallCommandType } from '../../call/commands.ts'
import { hangUpEnding, REFUSALS } from '../endings.ts'
import type { Leg } from './leg.ts'

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

const ON_HOLD = 'the call is on hold'
const NOT_BRIDGED = 'the call is not bridged'

/** One entry for every command: a new one does not compile until it is here. */
const handlers: { readonly [Type in CallCommandType]: Handler<Type> } = {
  answer: (leg, { id }) => {
    if (leg.direction === 'inbound' && leg.state === 'new') leg.answered(id)
    else leg.fail(id, 'only an offered call can be answered')
  },
  reject: (leg, { id, cause }) => {
    if (leg.direction === 'inbound' && leg.state === 'new') leg.end({ ...REFUSALS[cause], by: 'local' })
    else leg.fail(id, 'only an offered call can be rejected')
  },
  play: (leg, { id, items, interruptible }) => {
    if (leg.held) leg.fail(id, ON_HOLD)
    else leg.play(id, items, interruptible)
  },
  whisper: (leg, { id, items }) => {
    if (leg.held) leg.fail(id, ON_HOLD)
    else if (!leg.bridgedWith) leg.fail(id, NOT_BRIDGED)
    else leg.whisper(id, items)
  },
  'play.stop': (leg, { id }) => {
    leg.hearing.endPlay('stopped')
    leg.done(id)
  },
  'music.start': (leg, { id, file }) => {
    if (leg.held) leg.fail(id, ON_HOLD)
    else leg.startMusic(id, file)
  },
  'music.stop': (leg, { id }) => {
    leg.hearing.stopMusic()
    leg.done(id)
  },
  dial: (_leg, command, around) => around.dial(command),
  'digits.send': (leg, { id, digits }) => leg.sendKeys(id, digits),
  'record.start': (leg, command) => leg.record(command),
  'record.stop': (leg, { id }) => {
    leg.endRecording('stopped')
    leg.done(id)
  },
  bridge: (leg, { id, with: call }, around) => {
    const other = around.leg(call)
    if (!other || other === leg) return leg.fail(id, `there is no other call ${call}`, 'no-such-call')
    if (other.state !== 'answered') return leg.fail(id, `${call} has not been answered`)
    if (leg.bridgedWith || other.bridgedWith) return leg.fail(id, 'one of the calls is bridged already')
    if (leg.held || other.held) return leg.fail(id, 'one of the calls is on hold')
    leg.bridge(id, other)
  },
  unbridge: (leg, { id }) => {
    if (leg.bridgedWith) leg.unbridge(id)
    else leg.fail(id, NOT_BRIDGED)
  },
  hold: (leg, { id, file }) => {
    if (leg.held) leg.fail(id, ON_HOLD)
    else leg.hold(id, file)
  },
  unhold: (leg, { id }) => {
    if (leg.held) leg.unhold(id)
    else leg.fail(id, 'the call is not on hold')
  },
  hangup: (leg) => leg.end(hangUpEnding(leg)),
}

const beforeAnswer: readonly CallCommandType[] = ['answer', 'reject', 'hangup']

/** Carries a command out. Its ending comes as an event, later. */
export function executeCommand(command: CallCommand, leg: Leg, around: CommandSurroundings): void {
  if (leg.state === 'new' && !beforeAnswer.includes(command.type)) {
    return leg.fail(command.id, `${command.type} was asked for before the call was answered`)
  }
  run(command, leg, around)
}

function run<Type extends CallCommandType>(command: Of<Type>, leg: Leg, around: CommandSurroundings): void {
  const handler: Handler<Type> = handlers[command.type as Type]
  handler(leg, command, around)
}
