import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { type DialogSurroundings, Established } from '../../../src/telephony/drachtio/established.ts'
import type { Leg } from '../../../src/telephony/drachtio/leg.ts'
import { SessionOrigin } from '../../../src/telephony/drachtio/session-description.ts'

/** A dialog of drachtio-srf whose far end answers nothing. */
class SilentDialog extends EventEmitter {
  readonly remote = { sdp: 'v=0\r\n' }
  readonly connected = true

  modify(): Promise<string> {
    return new Promise(() => undefined)
  }

  destroy(): Promise<void> {
    return new Promise(() => undefined)
  }
}

function set() {
  const dialog = new SilentDialog()
  const around = {
    clock: new SimulatedClock(),
    logger: pino({ level: 'silent' }),
    server: { ready: true },
  } as unknown as DialogSurroundings
  const end = vi.fn()
  const leg = { end } as unknown as Leg
  return { dialog, end, established: new Established(dialog as never, leg, around, new SessionOrigin()) }
}

test('of a dialog that we have left, as of the second phone that answers, the leg hears nothing', () => {
  const { dialog, end, established } = set()
  established.bye()
  dialog.emit('destroy', { source: 'application' })
  expect(end).not.toHaveBeenCalled()
})

test('a re-INVITE that the end of the call overtakes is waited for no longer', async () => {
  const { dialog, end, established } = set()
  const offered = established.offer('v=0\r\n')
  dialog.emit('destroy', { source: 'network' })
  await expect(offered).rejects.toThrow('the call has ended')
  expect(end).toHaveBeenCalledExactlyOnceWith({ cause: 'normal', by: 'remote' })
})
