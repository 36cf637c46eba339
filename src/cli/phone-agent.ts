import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { RealClock } from '../clock/real-clock.ts'
import { demoSchema } from '../config/center-schema.ts'
import { demoCenter } from '../config/load-settings.ts'
import { readYamlFile } from '../config/yaml-file.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { AgentApi } from './phone/agent-api.ts'
import { AgentAtWork } from './phone/agent-at-work.ts'
import { makeGentleTone } from './phone/gentle-tone.ts'
import { Phone } from './phone/phone.ts'
import { onInterrupt } from './phone/signals.ts'
import { Story } from './phone/story.ts'

/** `switchroom phone agent`: an agent with a phone, for people who have neither. */
export const phoneAgent: Command = {
  name: 'phone agent',
  summary: "sign in as an agent, be the agent's phone, answer and say who is calling",
  usage: `switchroom phone agent <name> [flags]

  <name>                 user name of the agent, which is also the name of the agent's phone
  --available            takes calls at once; without it the desk says when
  --password <password>  default: the password of the demo center, for a server on this machine
  --api <address>        the server's API (default http://127.0.0.1:8080)
  --server <host:port>   its SIP address (default: what the API says)
  --answer-after <s>     answers after so many seconds of ringing (default 1), or at once where the server asks for it
  --ring-only            lets the phone ring and does not answer
  --talk <file>          WAV played to the caller, round and round (8 kHz, mono; default: a soft tone)
  --wrap-up <s>          finishes the wrap-up after so many seconds (default 3)

Ctrl-C hangs up, leaves the floor and signs out.`,
  example: 'switchroom phone agent alice --available',
  async run(args) {
    const options = await readOptions(args)
    const clock = new RealClock()
    const story = new Story(clock)
    const api = new AgentApi(options.api, clock)
    const tone = options.talk === undefined ? await makeGentleTone() : undefined
    try {
      const { id, name } = await api.signIn(options.name, options.password)
      story.tell(`signed in as ${name}`)
      const { sip, dispositions } = await api.center()
      const work = new AgentAtWork(api, story, clock, dispositions, {
        ...options,
        talk: options.talk ?? tone?.file ?? '',
      })
      const server = options.server ?? `${sip.host}:${sip.port}`
      await workUntilInterrupted({ api, work, story, id, server, clock, options })
      return 0
    } finally {
      await api.close()
      await tone?.remove()
    }
  },
}

interface Shift {
  readonly api: AgentApi
  readonly work: AgentAtWork
  readonly story: Story
  readonly id: string
  readonly server: string
  readonly clock: RealClock
  readonly options: Options
}

async function workUntilInterrupted({ api, work, story, id, server, clock, options }: Shift): Promise<void> {
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>()
  const forget = onInterrupt(interrupt)
  const phone = new Phone({ server, device: options.name, password: options.password, clock })
  phone.listen((call) => work.ring(call))
  await phone.start()
  try {
    story.tell(`phone registered at ${server}`)
    api.listen(
      (message) => work.hear(message, id),
      (state) => story.tell(`events: ${state}`),
    )
    if (options.isAvailable) await api.goAvailable()
    await interrupted
    story.tell('leaving')
    await api.leaveFloor().catch((error: unknown) => story.tell(messageOf(error)))
  } finally {
    forget()
    work.stop()
    await Promise.all([api.close(), phone.stop()])
  }
}

interface Options {
  readonly name: string
  readonly password: string
  readonly isAvailable: boolean
  readonly api: string
  readonly server: string | undefined
  readonly answerAfterMs: number | undefined
  readonly talk: string | undefined
  readonly wrapUpMs: number
}

async function readOptions(args: readonly string[]): Promise<Options> {
  const { values, positionals } = parse(args)
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) throw usage('expected the user name of one agent')
  return {
    name,
    password: values.password ?? (await demoPassword(values.api)),
    isAvailable: values.available,
    api: values.api,
    server: values.server,
    answerAfterMs: values['ring-only'] ? undefined : milliseconds('--answer-after', values['answer-after']),
    talk: values.talk === undefined ? undefined : resolve(values.talk),
    wrapUpMs: milliseconds('--wrap-up', values['wrap-up']),
  }
}

/** The demo's password is known to everybody, so it is offered to a server on this machine only. */
async function demoPassword(api: string): Promise<string> {
  const isHere = URL.canParse(api) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(api).hostname)
  if (!isHere) throw usage('expected --password for a server on another machine')
  const demo = await readYamlFile(join(demoCenter, 'config', 'demo.yaml'), demoSchema, 'CENTER_INVALID')
  return demo.password
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        available: { type: 'boolean', default: false },
        password: { type: 'string' },
        api: { type: 'string', default: 'http://127.0.0.1:8080' },
        server: { type: 'string' },
        'answer-after': { type: 'string', default: '1' },
        'ring-only': { type: 'boolean', default: false },
        talk: { type: 'string' },
        'wrap-up': { type: 'string', default: '3' },
      },
    })
  } catch (error) {
    throw usage(messageOf(error))
  }
}

function milliseconds(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value * 1000
  throw usage(`${flag} ${text}: expected seconds`)
}

function usage(message: string): SwitchroomError {
  return new SwitchroomError('USAGE', message, { remedy: '`switchroom phone agent --help`' })
}
