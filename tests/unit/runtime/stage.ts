/** The runtime on simulated telephony and time: real engine, real flows, records and customers in memory. */
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { QueueRules } from '../../../src/acd/contract.ts'
import type { Party } from '../../../src/call/call.ts'
import type { CallCommand } from '../../../src/call/commands.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import type { Interaction } from '../../../src/call/interaction.ts'
import type { NewVoicemail } from '../../../src/call/voicemail.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import type { CustomerFacts } from '../../../src/flow/inputs.ts'
import { Center, type CenterParts } from '../../../src/runtime/center.ts'
import type { FloorEvent } from '../../../src/runtime/floor.ts'
import type { Prompts } from '../../../src/runtime/parts.ts'
import { type PhoneSettings, PLAIN_PHONE } from '../../../src/runtime/standing-legs.ts'
import type { Whisper } from '../../../src/runtime/whisper.ts'
import type { Behaviour } from '../../../src/telephony/simulated/behaviours.ts'
import type { SimulatedParty } from '../../../src/telephony/simulated/party.ts'
import { SimulatedTelephony } from '../../../src/telephony/simulated/simulated-telephony.ts'
import type { Telephony } from '../../../src/telephony/telephony.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { rules } from '../acd/floor.ts'
import { flowOf } from '../flow/conversation.ts'

export const QUEUE = 'line: { type: queue, queue: billing, music: hold, next: bye }\nbye: { type: hangup }'
export const CALLER = '+12025550123'

export interface StageOptions {
  /** Nodes of the flow that answers 100. */
  readonly flow?: string
  readonly agents?: readonly string[]
  /** How agents' phones are used; plainly, unless said. */
  readonly phones?: Readonly<Record<string, Partial<PhoneSettings>>>
  readonly standing?: Partial<CenterParts['standing']>
  readonly whisper?: Whisper
  readonly resolve?: Prompts['resolve']
  readonly wrapUpMs?: number
  /** Of the queue, in place of the ordinary ones. */
  readonly rules?: Partial<QueueRules>
  readonly popLeadMs?: number
  readonly hours?: CenterParts['queues'][number]['hours']
  readonly calendars?: CenterParts['calendars']
  /** How long a prompt takes to be found; it is as long as that too. */
  readonly customers?: () => Promise<readonly CustomerFacts[]>
  readonly keep?: (voicemail: NewVoicemail) => Promise<void>
  /** Changes what the telephony is asked, or swallows it. */
  readonly command?: (command: CallCommand) => CallCommand | undefined
}

export class Stage {
  readonly clock = new SimulatedClock()
  readonly telephony = new SimulatedTelephony(this.clock)
  readonly center: Center
  /** Whether it wants to be told of the figures of queues. */
  watchesQueues = true
  readonly events: FloorEvent[] = []
  readonly kept: Interaction[] = []
  readonly ended: Interaction[] = []
  readonly voicemails: NewVoicemail[] = []
  readonly discarded: string[] = []
  readonly commands: CallCommand[] = []
  /** May be changed; `floor.peopleChanged` takes it up. */
  readonly phones: Record<string, Partial<PhoneSettings>>

  private constructor(folder: string, options: StageOptions) {
    const flow = flowOf(options.flow ?? QUEUE)
    this.phones = { ...options.phones }
    const telephony: Telephony = {
      start: (receive) => this.telephony.start(receive),
      stop: () => this.telephony.stop(),
      execute: (command) => {
        this.commands.push(command)
        const asked = options.command ? options.command(command) : command
        if (asked) this.telephony.execute(asked)
      },
    }
    const queue = rules('billing', { wrapUpMs: options.wrapUpMs ?? 30_000, ...options.rules })
    this.center = new Center({
      clock: this.clock,
      logger: pino({ level: 'silent' }),
      telephony,
      prompts: {
        resolve: options.resolve ?? (async () => [{ silenceMs: 2000 }]),
        musicFile: (name) => join(import.meta.dirname, '../../../media/music', `${name}.wav`),
      },
      records: {
        begin: (interaction) => this.kept.push(interaction),
        update: (interaction) => this.kept.push(interaction),
        end: (interaction) => this.ended.push(interaction),
      },
      customers: options.customers ?? (async () => []),
      calendars: options.calendars ?? (() => 'open'),
      voicemails: {
        fileFor: (recording) => join(folder, `${recording}.wav`),
        keep: async (voicemail) => {
          await options.keep?.(voicemail)
          this.voicemails.push(voicemail)
        },
        discard: async (file) => {
          this.discarded.push(file)
        },
      },
      findRoute: (number) => (number.startsWith('+1') ? { number, trunks: ['gone', 'provider'] } : undefined),
      findFlow: (number) => (number === '100' ? { flow } : undefined),
      people: async () =>
        (options.agents ?? ['ana', 'ben']).map((id) => ({
          id,
          name: id,
          skills: { billing: 5 },
          devices: [id],
          phone: { ...PLAIN_PHONE, ...this.phones[id] },
        })),
      queues: [
        {
          id: 'billing',
          name: 'Billing',
          rules: queue,
          ...(options.hours && { hours: options.hours }),
          ...(options.whisper && { whisper: options.whisper }),
        },
      ],
      standing: {
        number: '*99',
        music: undefined,
        acceptKey: '1',
        endKey: '*',
        second: 'take-over',
        ...options.standing,
      },
      popLeadMs: options.popLeadMs ?? 250,
    })
    this.center.floor.subscribe(
      (event) => this.events.push(event),
      () => this.watchesQueues,
    )
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const { path, remove } = await tempFolder('runtime')
    onTestFinished(remove)
    const stage = new Stage(path, options)
    await stage.center.open()
    await stage.telephony.start((event: CallEvent) => stage.center.receive(event))
    return stage
  }

  /** Signs an agent in whose phone does this. */
  async agent(agent: string, behaviour?: Behaviour): Promise<void> {
    this.telephony.register(agent, behaviour)
    this.center.floor.signIn(agent)
    this.center.floor.setAvailable(agent)
    await this.pass(10)
  }

  async call(number = '100', from: string | undefined = CALLER): Promise<SimulatedParty> {
    const party: Party = { uri: `sip:${from ?? 'anonymous'}@far.invalid`, ...(from && { number: from }) }
    const caller = this.telephony.incoming({
      from: party,
      to: { uri: `sip:${number}@here.invalid`, number },
    })
    await this.pass(10)
    return caller
  }

  /** Lets time pass, in steps, with everything that waits for a promise in between. */
  async pass(ms: number): Promise<void> {
    const steps = Math.min(20, ms)
    for (let i = 0; i < steps; i++) {
      this.clock.advance(ms / steps)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The leg that an offer or a transfer has dialled last. */
  dialled(): SimulatedParty {
    const call = this.commands.findLast(({ type }) => type === 'dial')?.call
    const party = call === undefined ? undefined : this.telephony.party(call)
    if (!party) throw new Error('nobody is being rung')
    return party
  }

  get contact(): string {
    return this.center.floor.contacts()[0]?.id ?? ''
  }

  get last(): Interaction {
    const last = this.ended.at(-1)
    if (!last) throw new Error('no contact has ended')
    return last
  }

  types(): string[] {
    return this.events.map(({ type }) => type)
  }
}

export const segmentsOf = ({ segments }: Interaction): string[] =>
  segments.map(({ kind, result }) => `${kind} ${result}`)

/** Where the caller was, one after the other: that must be the whole contact, without a gap or an overlap. */
export function expectGapless({ startedAt, segments }: Interaction, goneAt: number): void {
  let at = startedAt
  for (const { kind, startedAt: from, endedAt } of segments) {
    if (kind === 'ring' || kind === 'wrap-up') continue
    if (from !== at) throw new Error(`${kind} begins at ${from}, the stage before it ended at ${at}`)
    at = endedAt
  }
  if (at !== goneAt) throw new Error(`the last stage ended at ${at}, the caller was gone at ${goneAt}`)
}
