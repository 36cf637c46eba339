import type { CallbackOffer, ComfortMessages, QueueAnnouncements, QueueNode, Schedule } from '../flow.ts'
import type { Path } from '../read-yaml.ts'
import type { RawNodes } from '../schema/nodes.ts'
import { defaults } from '../schema/values.ts'
import { milliseconds, needless, type ValueCompiler } from './values.ts'

type Raw = RawNodes['queue']

/** Said more often than this, a caller hears nothing else. */
const LEAST_EVERY_MS = 10_000

/** Turns a queue node as it is written into one that runs. */
export function compileQueue(path: Path, raw: Raw, values: ValueCompiler): QueueNode {
  const { music, timeout, failed } = raw
  checkTimeout(path, raw, values)
  const skills = Object.entries(raw.skills ?? {}).map(([skill, level]) => ({
    skill: values.template([...path, 'skills', skill], skill, 'string'),
    level: values.template([...path, 'skills', skill], level, 'number'),
  }))
  const agent = values.optional([...path, 'agent'], raw.agent, 'string')
  return {
    type: 'queue',
    queue: values.template([...path, 'queue'], raw.queue, 'string'),
    prompt: values.prompt([...path, 'prompt'], raw.prompt),
    ...(music !== undefined && { music }),
    skills,
    ...(agent !== undefined && { agent }),
    priority: values.template([...path, 'priority'], raw.priority ?? defaults.priority, 'number'),
    ...(timeout !== undefined && { timeoutMs: milliseconds(timeout) }),
    ...(raw.announce && { announce: announcements([...path, 'announce'], raw.announce, values) }),
    ...(raw.comfort && { comfort: comfort([...path, 'comfort'], raw.comfort, values) }),
    ...(raw.callback && { callback: callback([...path, 'callback'], raw.callback, raw, values) }),
    keys: raw.keys ?? {},
    exits: exitsOf(raw),
    ...(failed !== undefined && { failed }),
  }
}

function checkTimeout(path: Path, { timeout, timedOut }: Raw, values: ValueCompiler): void {
  if (timeout !== undefined && timedOut === undefined) {
    const remedy = 'Add `timedOut` with the node that it goes on at.'
    const message = 'nowhere to go on when `timeout` is over'
    values.findings.add({ path, at: 'key', code: 'MISSING_EXIT', message, remedy })
  } else if (timeout === undefined && timedOut !== undefined) {
    needless(values, [...path, 'timedOut'], 'without `timeout` the caller waits for as long as it takes')
  }
}

function exitsOf(raw: Raw): QueueNode['exits'] {
  const { unserved } = raw
  const exits = {
    done: raw.next,
    timeout: raw.timedOut,
    callback: raw.calledBack,
    unserved,
    closed: raw.closed ?? unserved,
    'nobody-logged-in': raw.nobodyLoggedIn ?? unserved,
    'too-many': raw.tooMany ?? unserved,
    'too-long': raw.tooLong ?? unserved,
    overflowed: raw.overflowed ?? unserved,
  }
  return Object.fromEntries(Object.entries(exits).filter(([, exit]) => exit !== undefined))
}

function schedule(
  path: Path,
  { every, first }: { readonly every?: string; readonly first: string },
  values: ValueCompiler,
): Schedule {
  const everyMs = milliseconds(every ?? defaults.every)
  if (everyMs > 0 && everyMs < LEAST_EVERY_MS) {
    const remedy = 'Write 10s or more; 0s: only once.'
    const message = `said every ${every}, a caller hears nothing else`
    values.findings.add({ path: [...path, 'every'], code: 'BAD_LIMITS', message, remedy })
  }
  return { firstMs: milliseconds(first), ...(everyMs > 0 && { everyMs }) }
}

function announcements(
  path: Path,
  raw: NonNullable<Raw['announce']>,
  values: ValueCompiler,
): QueueAnnouncements {
  const { position, wait, first = defaults.announceFirst, every } = raw
  if (!position && !wait) {
    const remedy = 'Add `position`, `wait` or both.'
    const message = 'announcements that say nothing'
    values.findings.add({ path, at: 'key', code: 'MISSING_KEY', message, remedy })
  }
  const at = (...steps: string[]): Path => [...path, ...steps]
  return {
    ...schedule(path, { first, ...(every !== undefined && { every }) }, values),
    ...(position && {
      position: {
        prompt: values.prompt(at('position', 'prompt'), position.prompt),
        ...(position.front && { front: values.prompt(at('position', 'front'), position.front) }),
        limit: position.limit ?? defaults.positionLimit,
        beyond: values.prompt(at('position', 'beyond'), position.beyond),
      },
    }),
    ...(wait && {
      wait: {
        prompt: values.prompt(at('wait', 'prompt'), wait.prompt),
        ...(wait.between && { between: values.prompt(at('wait', 'between'), wait.between) }),
        limitMs: milliseconds(wait.limit ?? defaults.waitLimit),
        beyond: values.prompt(at('wait', 'beyond'), wait.beyond),
        longer: values.prompt(at('wait', 'longer'), wait.longer),
      },
    }),
  }
}

function comfort(
  path: Path,
  { prompts, first = defaults.comfortFirst, every }: NonNullable<Raw['comfort']>,
  values: ValueCompiler,
): ComfortMessages {
  return {
    ...schedule(path, { first, ...(every !== undefined && { every }) }, values),
    prompts: prompts.map((prompt, index) => values.prompt([...path, 'prompts', index], prompt)),
  }
}

function callback(
  path: Path,
  raw: NonNullable<Raw['callback']>,
  { keys = {}, announce }: Raw,
  values: ValueCompiler,
): CallbackOffer {
  const { key, minDigits = defaults.callbackMinDigits, maxDigits = defaults.callbackMaxDigits } = raw
  if (keys[key] !== undefined) {
    const message = `the key ${key} leaves the queue already`
    const remedy = 'Choose another key, or remove it from `keys`.'
    values.findings.add({ path: [...path, 'key'], code: 'WRONG_VALUE', message, remedy })
  }
  if (minDigits > maxDigits) {
    const at = raw.minDigits === undefined ? 'maxDigits' : 'minDigits'
    const message = `minDigits is ${minDigits}, maxDigits is ${maxDigits}`
    const remedy = 'Make maxDigits the larger of the two.'
    values.findings.add({ path: [...path, at], code: 'BAD_LIMITS', message, remedy })
  }
  if (raw.offer && !announce) needless(values, [...path, 'offer'], 'without `announce` it is never said')
  if (raw.above !== undefined && !announce?.wait) {
    needless(values, [...path, 'above'], 'without `wait` in `announce` the wait is never known')
  }
  return {
    key,
    offer: values.prompt([...path, 'offer'], raw.offer),
    aboveMs: milliseconds(raw.above ?? defaults.callbackAbove),
    mode: raw.mode ?? defaults.callbackMode,
    confirm: values.prompt([...path, 'confirm'], raw.confirm),
    ask: values.prompt([...path, 'ask'], raw.ask),
    refused: values.prompt([...path, 'refused'], raw.refused),
    minDigits,
    maxDigits,
  }
}
