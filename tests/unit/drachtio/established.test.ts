import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { type DialogSurroundings, Established } from '../../../src/telephony/drachtio/established.ts'
import type { Leg } from '../../../src/telephony/drachtio/leg.ts'
import { SessionOrigin } from '../../../src/telephony/drachtio/session-description.ts'

/** A dialog of drachtio-srf whose re-INVITE is never answered. */
class SilentDialog extends EventEmitter {
  readonly remote = { sdp: 'v=0\r\n' }
  readonly connected = true

  modify(): Promise<string> {
    return new Promise(() => undefined)
  }
}

test('a re-INVITE that the end of the call overtakes is waited for no longer', async () => {
  const dialog = new SilentDialog()
  const around = {
    clock: new SimulatedClock(),
    logger: pino({ level: 'silent' }),
    server: { ready: true },
  } as unknown as DialogSurroundings
  const end = vi.fn()
  const leg = { end } as unknown as Leg
  const established = new Established(dialog as never, leg, around, new SessionOrigin())
  const offered = established.offer('v=0\r\n')
  dialog.emit('destroy', { source: 'network' })
  await expect(offered).rejects.toThrow('the call has ended')
  expect(end).toHaveBeenCalledExactlyOnceWith({ cause: 'normal', by: 'remote' })
})
