import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallEvent } from '../../src/call/events.ts'
import { bridging } from './telephony/bridging.ts'
import { calling } from './telephony/calling.ts'
import type { Cases } from './telephony/cases.ts'
import { dialling } from './telephony/dialling.ts'
import { holding } from './telephony/holding.ts'
import { losses } from './telephony/losses.ts'
import { network } from './telephony/network.ts'
import { playing } from './telephony/playing.ts'
import { recording } from './telephony/recording.ts'
import type { Rig } from './telephony/rig.ts'
import { Scene } from './telephony/scene.ts'
import { trunks } from './telephony/trunks.ts'
import { whispering } from './telephony/whispering.ts'

const chapters: Readonly<Record<string, Cases>> = {
  calling,
  playing,
  dialling,
  bridging,
  whispering,
  holding,
  recording,
  network,
  trunks,
  losses,
}

/**
 * The telephony contract, case by case, over one backend. After every case each of its commands has had exactly one
 * ending, none of which came from inside `execute`, and nothing was said of a call after its end.
 *
 * @param skips what this backend cannot do, by the name of the case, each with its reason
 */
export function telephonyConformance(
  name: string,
  makeRig: () => Promise<Rig>,
  skips: Readonly<Record<string, string>> = {},
): void {
  describe(`telephony contract: ${name}`, () => {
    let rig: Rig
    let scene: Scene | undefined
    let stopped = false
    const earlier: CallEvent[] = []
    const onStage = (event: CallEvent): void => {
      earlier.push(event)
      scene?.receive(event)
    }

    beforeAll(async () => {
      rig = await makeRig()
      await rig.telephony.start(onStage)
      await rig.ready()
    })
    afterAll(async () => {
      if (!stopped) await rig.telephony.stop()
      await rig.close()
    })

    for (const [chapter, cases] of Object.entries(chapters)) {
      describe(chapter, () => {
        for (const [title, run] of Object.entries(cases)) {
          const reason = skips[title]
          test.skipIf(reason !== undefined)(
            reason === undefined ? title : `${title} (${reason})`,
            async () => {
              scene = new Scene(rig, [...earlier])
              await run(scene)
              await scene.close()
            },
          )
        }
      })
    }

    test('every skip names a case', () => {
      const titles = Object.values(chapters).flatMap((cases) => Object.keys(cases))
      expect(Object.keys(skips).filter((title) => !titles.includes(title))).toEqual([])
    })

    test('stop ends what is still up, and then nothing more is said', async () => {
      scene = new Scene(rig, [...earlier])
      const [offered, answered, ringing] = [
        await scene.offered(),
        await scene.answered(),
        await scene.ringing(),
      ]
      stopped = true
      await rig.telephony.stop()
      for (const { call, far } of [offered, answered, ringing]) {
        expect(scene.typesOf(call).at(-1)).toBe('call.ended')
        await scene.isOver(far)
      }
      const said = scene.events.length
      await rig.pass(500)
      expect(scene.events.length).toBe(said)
    })
  })
}
