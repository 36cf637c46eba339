import type { CallTrace, TraceLeg, TraceMessage, TraceNote } from '../call-trace.ts'
import type { TracedAddress } from '../trace.ts'

/** Width of the time before the first column, and room for the half of a name left of its line. */
const FIRST_LINE = 20
/** Between two lines: room for `◄─── 200 OK (BYE) ────`. */
const SPACING = 25

/** A vertical line: one far end, or ourselves. */
interface Column {
  readonly name: string
  readonly address: string
  readonly x: number
}

interface Columns {
  readonly all: readonly Column[]
  readonly own: Column
  /** Of the party at the far end, by Call-ID and by call id. */
  readonly of: ReadonlyMap<string, Column>
}

/**
 * Draws a call as engineers do: a line for each party, an arrow for each message, time from the first message in
 * seconds. The same bytes sent again are marked `again`; double lines say that audio may flow.
 */
export function ladder(trace: CallTrace): string {
  const first = trace.messages[0]
  if (!first) return `${title(trace)}\n\nno messages\n`
  const columns = columnsOf(trace)
  const rows = [...trace.messages, ...trace.notes].toSorted(
    (one, other) => one.at - other.at || one.number - other.number,
  )
  const lines = [
    `${title(trace)}  ${new Date(first.at).toISOString().replace('T', ' ').replace('Z', ' UTC')}`,
    '',
    ...heads(columns),
    ...rows.flatMap((row) => {
      const drawn = 'text' in row ? drawMessage(row, columns) : drawNote(row, columns)
      return drawn === undefined ? [] : [`${seconds(row.at - first.at)}${drawn.slice(TIME_WIDTH)}`.trimEnd()]
    }),
    ...trace.legs
      .filter(({ omitted }) => omitted > 0)
      .map((leg) => `${nameOf(leg)}: ${leg.omitted} messages in the middle were not kept`),
  ]
  return `${lines.join('\n')}\n`
}

/** Every message in full, each under a line that says when it went where. */
export function transcript({ messages }: CallTrace): string {
  const start = messages[0]?.at ?? 0
  return messages
    .map(({ at, transport, source, destination, text: content }) => {
      const way = `${text(source)} > ${text(destination)} ${transport.toUpperCase()}`
      return `--- ${((at - start) / 1000).toFixed(3)} s  ${way}\n${printable(content.replaceAll('\r\n', '\n'))}\n`
    })
    .join('')
}

const TIME_WIDTH = 9

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(TIME_WIDTH)
}

function title({ contact, legs }: CallTrace): string {
  return contact === undefined
    ? `call ${legs[0]?.call ?? legs[0]?.sipCallIds[0] ?? ''}, no contact`
    : `contact ${contact}`
}

function nameOf({ party }: Pick<TraceLeg, 'party'>): string {
  if (party.kind === 'caller') return party.name === undefined ? 'caller' : `caller, ${party.name}`
  if (party.kind === 'agent') return party.name === undefined ? 'agent' : `${party.name}'s phone`
  return party.name ?? 'trunk'
}

/** The caller left of us, everybody else right of us, in the order in which they came. */
function columnsOf({ legs, messages }: CallTrace): Columns {
  const ends = new Map<string, { name: string; address: string; ids: string[]; isCaller: boolean }>()
  for (const leg of legs) {
    for (const id of leg.sipCallIds) {
      const first = messages.find(({ sipCallId }) => sipCallId === id)
      if (!first) continue
      const name = nameOf(leg)
      const address = text(farEnd(first))
      // One phone, however often it is rung; two, where one person's phones ring at two places.
      const isCaller = leg.party.kind === 'caller'
      const end = ends.get(`${name} ${address}`) ?? { name, address, ids: [], isCaller }
      end.ids.push(id, ...(leg.call === undefined ? [] : [leg.call]))
      ends.set(`${name} ${address}`, end)
    }
  }
  const [left, ...right] = [...ends.values()].sort(
    (one, other) => Number(other.isCaller) - Number(one.isCaller),
  )
  const ownAddress = messages[0] && text(nearEnd(messages[0]))
  const own = { name: 'switchroom', address: ownAddress ?? '', ids: [] as string[], isCaller: false }
  const placed = [...(left ? [left] : []), own, ...right].map((end, at) => ({
    end,
    column: { name: end.name, address: end.address, x: FIRST_LINE + at * SPACING },
  }))
  return {
    all: placed.map(({ column }) => column),
    own: placed.find(({ end }) => end === own)?.column ?? { name: '', address: '', x: FIRST_LINE },
    of: new Map(placed.flatMap(({ end, column }) => end.ids.map((id) => [id, column] as const))),
  }
}

function farEnd({ direction, source, destination }: TraceMessage): TracedAddress {
  return direction === 'received' ? source : destination
}

function nearEnd({ direction, source, destination }: TraceMessage): TracedAddress {
  return direction === 'received' ? destination : source
}

function text({ host, port }: TracedAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function heads({ all }: Columns): string[] {
  return [(column: Column) => column.name, (column: Column) => column.address].map((of) => {
    const row = new Row(all)
    for (const column of all) row.center(of(column), column.x, SPACING - 1)
    return row.text.trimEnd()
  })
}

function drawMessage(message: TraceMessage, columns: Columns): string | undefined {
  const far = columns.of.get(message.sipCallId)
  if (!far) return undefined
  const row = new Row(columns.all, '│')
  const [from, to] = message.direction === 'received' ? [far, columns.own] : [columns.own, far]
  row.line('─', from, to)
  row.put(to.x > from.x ? '►' : '◄', to.x + (to.x > from.x ? -1 : 1))
  row.label(labelOf(message), columns.own, far)
  return row.text + (message.repeated ? '  again' : '')
}

function labelOf({ summary, method, hasSdp }: TraceMessage): string {
  const answers = /^\d/.test(summary) && method !== 'INVITE' ? ` (${method})` : ''
  const most = SPACING - 7 - answers.length - (hasSdp ? 4 : 0)
  const short = summary.length > most ? `${summary.slice(0, most - 1)}…` : summary
  return `${short}${answers}${hasSdp ? ' sdp' : ''}`
}

const WORDS: Readonly<Record<TraceNote['what'], string>> = {
  'rtp-started': 'RTP',
  'rtp-lost': 'RTP lost',
  'rtp-back': 'RTP back',
  'rtp-ended': 'RTP ends',
  held: 'holds us',
  unheld: 'holds us no more',
  bridged: 'hear each other',
  parted: 'parted',
  ended: 'ended',
}

const WITH_LINE = /^(rtp|bridged|parted)/

function drawNote(note: TraceNote, columns: Columns): string | undefined {
  const [one, other] = note.calls.map((call) => columns.of.get(call))
  if (!one) return undefined
  const row = new Row(columns.all, '│')
  const word = WORDS[note.what]
  const far = other ?? columns.own
  if (WITH_LINE.test(note.what)) row.line(note.what.startsWith('rtp') ? '═' : '·', one, far)
  row.label(word, far === columns.own ? far : columns.own, other ?? one)
  return row.text + (note.detail === undefined ? '' : `  ${note.detail}`)
}

/** Text from the network could otherwise move the cursor of whoever looks at it, or worse (ECMA-48). */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?')
}

/** One line of the drawing, written over from left to right. */
class Row {
  readonly #chars: string[]
  readonly #columns: readonly Column[]

  constructor(columns: readonly Column[], line = ' ') {
    this.#columns = columns
    this.#chars = Array.from({ length: (columns.at(-1)?.x ?? 0) + 1 }, () => ' ')
    for (const { x } of columns) this.put(line, x)
  }

  get text(): string {
    return Array.from(this.#chars, (char) => char ?? ' ').join('')
  }

  put(piece: string, at: number): void {
    for (let i = 0; i < piece.length; i++) this.#chars[at + i] = piece.charAt(i)
  }

  /** From one column to another, across those between. */
  line(char: string, from: Column, to: Column): void {
    const [start, end] = from.x < to.x ? [from.x, to.x] : [to.x, from.x]
    for (let x = start + 1; x < end; x++) this.put(char, x)
    for (const { x } of this.#columns) if (x > start && x < end) this.put('┼', x)
  }

  /** In the gap beside the far end, on the side of the near one. */
  label(words: string, near: Column, far: Column): void {
    const middle = far.x + (near.x < far.x ? -SPACING : SPACING) / 2
    this.center(` ${words} `, Math.round(middle), SPACING - 3)
  }

  center(words: string, x: number, most: number): void {
    const shown = printable(words).slice(0, most)
    this.put(shown, x - Math.floor(shown.length / 2))
  }
}
