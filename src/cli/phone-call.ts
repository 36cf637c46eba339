import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { RealClock } from '../clock/real-clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { endWords, mediaWords } from './phone/end-words.ts'
import type { Heard } from './phone/hearing.ts'
import { checkListening, parseHostPort } from './phone/local-address.ts'
import { DEFAULT_SIP_PORT, Phone } from './phone/phone.ts'
import type { PhoneCall, PhoneEvent } from './phone/phone-call.ts'
import { type PressAfter, Presser } from './phone/presser.ts'
import { onInterrupt } from './phone/signals.ts'
import { Story, seconds } from './phone/story.ts'

/** `switchroom phone call`: a caller for people without a telephone. */
export const phoneCall: Command = {
  name: 'phone call',
  summary: 'call a number and tell what happens, step by step',
  usage: `switchroom phone call <number> [flags]

  <number>               a number of the server, or a SIP URI
  --press <keys>         keys to press; groups parted by commas each wait for a prompt: --press 1,4471002#
  --press-after <when>   prompt (default: at the first pause of a prompt), or milliseconds
  --server <host:port>   SIP server (default 127.0.0.1:5060)
  --from <number>        number to show (default: anonymous)
  --name <name>          name to show
  --record <file>        keeps what is heard, as WAV
  --play <file>          WAV to play to the far end, round and round (8 kHz, mono)
  --hangup-after <s>     hangs up after so many seconds from the answer

What is heard is told by its loudness: sound, a pause after a prompt, four seconds without a pause (music, very
likely). Who answers is told by the server's signalling. Ctrl-C hangs up.`,
  example: 'switchroom phone call 100 --press 1 --record heard.wav',
  async run(args) {
    const options = readOptions(args)
    const clock = new RealClock()
    const { server, from: number, name } = options
    await checkListening(parseHostPort(server, DEFAULT_SIP_PORT), clock)
    const phone = new Phone({ server, clock, ...(number && { number }), ...(name && { name }) })
    await phone.start()
    try {
      const story = new Story(clock)
      story.tell(`calling ${options.number} at ${server}${number ? ` as ${number}` : ''}`)
      return await follow(phone.call(options.number), options, story, clock)
    } finally {
      await phone.stop()
    }
  },
}

interface CallOptions {
  readonly number: string
  readonly server: string
  readonly press: readonly string[]
  readonly pressAfter: PressAfter
  readonly from: string | undefined
  readonly name: string | undefined
  readonly record: string | undefined
  readonly play: string | undefined
  readonly hangupAfterMs: number | undefined
}

/** Tells the story of one call. @returns 0 when it was answered */
async function follow(
  call: PhoneCall,
  options: CallOptions,
  story: Story,
  clock: RealClock,
): Promise<number> {
  const forget = onInterrupt(() => void call.hangUp())
  const presser = new Presser(options.press, options.pressAfter, clock, (keys) => {
    call.press(keys).then(
      () => story.tell(`pressed ${keys}`),
      (error: unknown) => story.tell(`could not press keys: ${messageOf(error)}`),
    )
  })
  let wasAnswered = false
  let isConnected = false
  call.listen((event) => {
    if (event.type === 'answered') {
      wasAnswered = true
      presser.answered()
    }
    if (event.type === 'connected') {
      isConnected = true
      presser.stop()
    }
    // What is heard from a person is nobody's business; prompts and music are ours.
    const words = event.type === 'heard' && isConnected ? undefined : wordsFor(event)
    if (words !== undefined) story.tell(words)
    if (event.type === 'heard') presser.heard(event)
  })
  const recording = call.answered.then(
    () => begin(call, options, clock),
    () => undefined,
  )
  const end = await call.ended
  presser.stop()
  forget()
  story.tell(endWords(end))
  if (!wasAnswered) return 1
  story.tell(mediaWords(end))
  const kept = await (await recording)?.ended
  if (kept && options.record) story.tell(`recorded ${seconds(kept.durationMs)} to ${options.record}`)
  return 0
}

function begin(call: PhoneCall, { record, play, hangupAfterMs }: CallOptions, clock: RealClock) {
  if (hangupAfterMs !== undefined) {
    const cancel = clock.after(hangupAfterMs, () => void call.hangUp())
    void call.ended.then(cancel)
  }
  if (play !== undefined) {
    call.playAgainAndAgain(play).catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`))
  }
  return record === undefined ? undefined : call.record(record)
}

/** Undefined for what is told elsewhere, or is of no interest to a caller. */
function wordsFor(event: PhoneEvent): string | undefined {
  switch (event.type) {
    case 'ringing':
      return 'ringing'
    case 'answered':
      return 'answered'
    case 'connected':
      return `${event.party.name ?? event.party.number ?? event.party.uri} answered`
    case 'heard':
      return wordsForSound(event)
    case 'digit':
      return `the far end pressed ${event.digit}`
    case 'media-lost':
      return `nothing arrives any more (for ${seconds(event.silentMs)})`
    case 'media-back':
      return 'audio is back'
    case 'ended':
      return undefined
  }
}

function wordsForSound(heard: Heard): string | undefined {
  switch (heard.what) {
    case 'began':
      return 'sound'
    case 'unbroken':
      return 'music, it seems: no pause for 4 s'
    case 'paused':
      return undefined
    case 'ended':
      return `silence, after ${seconds(heard.soundMs)} of sound`
  }
}

function readOptions(args: readonly string[]): CallOptions {
  const { values, positionals } = parse(args)
  const [number, ...more] = positionals
  if (number === undefined || more.length > 0) throw usage('expected one number to call')
  const press = values.press?.split(',') ?? []
  if (!press.every((keys) => /^[0-9*#A-Da-d]+$/.test(keys))) {
    throw usage(`--press ${values.press ?? ''}: expected keys 0-9, *, #, A-D, groups parted by commas`)
  }
  const after = values['press-after']
  return {
    number,
    press,
    pressAfter: after === 'prompt' ? 'prompt' : positive('--press-after', after),
    server: values.server,
    from: values.from,
    name: values.name,
    record: values.record === undefined ? undefined : resolve(values.record),
    play: values.play === undefined ? undefined : resolve(values.play),
    hangupAfterMs:
      values['hangup-after'] === undefined
        ? undefined
        : positive('--hangup-after', values['hangup-after']) * 1000,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        press: { type: 'string' },
        'press-after': { type: 'string', default: 'prompt' },
        server: { type: 'string', default: '127.0.0.1:5060' },
        from: { type: 'string' },
        name: { type: 'string' },
        record: { type: 'string' },
        play: { type: 'string' },
        'hangup-after': { type: 'string' },
      },
    })
  } catch (error) {
    throw usage(messageOf(error))
  }
}

function positive(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw usage(`${flag} ${text}: expected a number`)
}

function usage(message: string): SwitchroomError {
  return new SwitchroomError('USAGE', message, { remedy: '`switchroom phone call --help`' })
}
