import { SimulatedClock } from '../../src/clock/simulated-clock.ts'
import { answersTooLate, type Behaviour } from '../../src/telephony/simulated/behaviours.ts'
import type { SimulatedParty } from '../../src/telephony/simulated/party.ts'
import { SimulatedTelephony } from '../../src/telephony/simulated/simulated-telephony.ts'
import { tempFolder } from '../support/temp-folder.ts'
import type { FarEnd, Phone, Rig, Sound } from './telephony/rig.ts'
import { writeTones } from './telephony/tones.ts'
import { telephonyConformance } from './telephony.ts'

const MEDIA_LOST_AFTER_MS = 2_000
const NO_SIGNALLING = 'nothing is signalled: the headers of a call are those of its command'

telephonyConformance(
  'simulated',
  async (): Promise<Rig> => {
    const clock = new SimulatedClock()
    const telephony = new SimulatedTelephony(clock, { mediaLostAfterMs: MEDIA_LOST_AFTER_MS })
    telephony.trunk('provider', 'up')
    telephony.trunk('gone', 'down')
    telephony.trunk('full', 'fails')
    const folder = await tempFolder('telephony')
    let phones = 0
    const phone = async (): Promise<Phone> => {
      const device = `phone-${++phones}`
      let party: SimulatedParty | undefined
      const ring: Behaviour = (ringing) => {
        party = ringing
      }
      telephony.register(device, ring)
      return {
        target: { device },
        unregister: () => telephony.unregister(device),
        farEnd: () => party && farEndOf(party),
        answerTooLate: () => party && answersTooLate(party),
      }
    }
    return {
      telephony,
      files: await writeTones(folder.path),
      folder: folder.path,
      mediaLostAfterMs: MEDIA_LOST_AFTER_MS,
      ready: async () => undefined,
      call: (from, to) =>
        farEndOf(
          telephony.incoming({
            from: { uri: `sip:${from}@simulated`, number: from },
            to: { uri: `sip:${to}@simulated`, number: to },
          }),
        ),
      phone,
      trunks: {
        up: 'provider',
        down: 'gone',
        failing: 'full',
        subscriber: async () => {
          const number = `+1555020${++phones}`
          let party: SimulatedParty | undefined
          telephony.subscriber(number, (ringing) => {
            party = ringing
          })
          return { number, farEnd: () => party && farEndOf(party) }
        },
      },
      faults: {
        lose: async () => telephony.fail(),
        mend: async () => telephony.recover(),
      },
      nobody: () => ({ device: 'nobody' }),
      pass: async (ms) => clock.advance(ms),
      close: () => folder.remove(),
    }
  },
  {
    'a trunk is told who calls where that is vouched for': NO_SIGNALLING,
    'who withholds the number is anonymous on the trunk too (RFC 3323)': NO_SIGNALLING,
  },
)

function farEndOf(party: SimulatedParty): FarEnd {
  return {
    state: () => party.state,
    answer: () => party.answer(),
    refuse: (cause) => party.refuse(cause),
    hangup: () => party.hangup(),
    hold: () => party.hold(),
    unhold: () => party.unhold(),
    press: (digits) => party.press(digits),
    speak: (ms) => party.speak(ms),
    loseMedia: () => party.loseMedia(),
    regainMedia: () => party.regainMedia(),
    hears: () => hearing(party),
    hearsToo: (sound) => hearing(party) === sound || whispered(party) === sound,
    keysReceived: () => party.keysReceived,
    header: (name) => party.headers[name],
  }
}

const sounds = { file: 'prompt', music: 'music', party: 'voice', silence: 'silence' } as const

function hearing(party: SimulatedParty): Sound {
  const last = party.heard.at(-1)
  // Alone, a whisper is what is heard.
  return last && last.what !== 'silence' ? sounds[last.what] : whispered(party)
}

function whispered(party: SimulatedParty): Sound {
  return sounds[party.whispered.at(-1)?.what ?? 'silence']
}
