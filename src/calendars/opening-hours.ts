/** Opening hours as a calendar file gives them: stretches per weekday, and dates that replace their weekday. */
export interface OpeningHours {
  readonly timeZone: string
  /** `always`, `never`, or the stretches of Sunday (0) to Saturday (6). */
  readonly open: 'always' | 'never' | readonly (readonly Stretch[])[]
  /** By date, YYYY-MM-DD. */
  readonly holidays: Readonly<Record<string, readonly Stretch[]>>
  readonly emergency: boolean
}

/** Minutes after midnight, from (included) to (excluded, up to 1440). */
export interface Stretch {
  readonly from: number
  readonly to: number
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const formats = new Map<string, Intl.DateTimeFormat>()

/** State of a calendar at a moment, read on the wall clock of its time zone. */
export function stateAt(hours: OpeningHours, at: number): 'open' | 'closed' | 'emergency' {
  if (hours.emergency) return 'emergency'
  const local = wallClock(hours.timeZone, at)
  const week = typeof hours.open === 'string' ? allDay(hours.open) : (hours.open[local.weekday] ?? [])
  const stretches = hours.holidays[local.date] ?? week
  return stretches.some(({ from, to }) => local.minute >= from && local.minute < to) ? 'open' : 'closed'
}

function allDay(open: 'always' | 'never'): readonly Stretch[] {
  return open === 'always' ? [{ from: 0, to: 1440 }] : []
}

function wallClock(timeZone: string, at: number): { date: string; weekday: number; minute: number } {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    date: `${part['year']}-${part['month']}-${part['day']}`,
    weekday: days.indexOf(part['weekday'] ?? ''),
    minute: Number(part['hour']) * 60 + Number(part['minute']),
  }
}
