import type { OpeningHours, Stretch } from '../calendars/opening-hours.ts'
import { type CenterFinding, errorAt } from './center-finding.ts'
import type { Calendar } from './center-schema.ts'
import type { YamlSource } from './yaml-file.ts'

type Day = Calendar['holidays'][string]

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** A calendar of `calendars.yaml` as it is asked for its state. */
export function openingHours({ open, timeZone, emergency, holidays }: Calendar): OpeningHours {
  return {
    timeZone,
    emergency,
    open: typeof open === 'string' ? open : weekdays.map((day) => stretches(open[day] ?? 'closed')),
    holidays: Object.fromEntries(Object.entries(holidays).map(([date, day]) => [date, stretches(day)])),
  }
}

/** What the schema cannot say of calendars: time zones and dates that there are, hours that are not empty. */
export function calendarFaults({
  value,
  place,
}: YamlSource<{ calendars: Record<string, Calendar> }>): CenterFinding[] {
  return Object.entries(value.calendars).flatMap(([id, { timeZone, open, holidays }]) => {
    const fault = (path: readonly string[], message: string, remedy: string): CenterFinding =>
      errorAt(place('calendars', id, ...path), 'BAD_CALENDAR', message, remedy)
    const days = [
      ...(typeof open === 'string' ? [] : Object.entries(open).map(([day, hours]) => ['open', day, hours])),
      ...Object.entries(holidays).map(([date, hours]) => ['holidays', date, hours]),
    ] as [string, string, Day][]
    return [
      ...(isTimeZone(timeZone)
        ? []
        : [
            fault(
              ['timeZone'],
              `found "${timeZone}", expected an IANA time zone such as America/Chicago`,
              'They are listed at https://www.iana.org/time-zones.',
            ),
          ]),
      ...Object.keys(holidays).flatMap((date) =>
        isDate(date) ? [] : [fault(['holidays', date], `there is no day ${date}`, 'Correct the date.')],
      ),
      ...days.flatMap(([table, day, hours]) =>
        stretches(hours).flatMap(({ from, to }) =>
          from < to
            ? []
            : [
                fault(
                  [table, day],
                  `${clock(from)}-${clock(to)} ends before it begins`,
                  'Hours past midnight are two stretches, one until 24:00 and one from 00:00 of the next day.',
                ),
              ],
        ),
      ),
    ]
  })
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** @param date YYYY-MM-DD */
function isDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

function stretches(day: Day): readonly Stretch[] {
  if (day === 'closed') return []
  return (typeof day === 'string' ? [day] : day).map((text) => {
    const [from = '', to = ''] = text.split('-')
    return { from: minutes(from), to: minutes(to) }
  })
}

function minutes(text: string): number {
  const [hour = '0', minute = '0'] = text.split(':')
  return Number(hour) * 60 + Number(minute)
}

function clock(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
