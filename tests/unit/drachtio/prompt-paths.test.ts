import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TELEPHONE_RATE } from '../../../src/audio/sound.ts'
import { encodeWav } from '../../../src/audio/wav.ts'
import {
  listPath,
  musicPath,
  whyUnplayable,
  whyUnwritable,
} from '../../../src/telephony/drachtio/prompt-paths.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const wav = encodeWav({ rate: TELEPHONE_RATE, samples: new Int16Array(80) })

test('a list is one string of FreeSWITCH, one file is itself, nothing is nothing', () => {
  expect(listPath([{ file: '/a.wav' }, { silenceMs: 200 }, { file: '/b.wav' }])).toBe(
    'file_string:///a.wav!silence_stream://200!/b.wav',
  )
  expect(listPath([{ file: '/a.wav' }])).toBe('/a.wav')
  expect(listPath([])).toBeUndefined()
  expect(musicPath('/m.wav')).toMatch(/^file_string:\/\/\/m\.wav!\/m\.wav!/)
})

test('a file is played when it is a WAV file and FreeSWITCH can be told its path', async () => {
  const folder = await tempFolder('paths')
  const [good, text, marked] = ['good.wav', 'text.wav', 'well!.wav'].map((name) => join(folder.path, name))
  if (!good || !text || !marked) throw new Error('no names')
  await Promise.all([writeFile(good, wav), writeFile(text, 'RIFF'), writeFile(marked, wav)])
  expect(await whyUnplayable(good)).toBeUndefined()
  expect(await whyUnplayable(text)).toContain('is not a WAV file')
  expect(await whyUnplayable(marked)).toContain('its own signs')
  expect(await whyUnplayable(join(folder.path, 'absent.wav'))).toContain('cannot be read')
  expect(await whyUnplayable(`${good}@@4000`)).toContain('its own signs')
  await folder.remove()
})

test('a recording needs a folder that is there', async () => {
  const folder = await tempFolder('paths')
  const inside = join(folder.path, 'inside')
  await mkdir(inside)
  await chmod(inside, 0o700)
  expect(await whyUnwritable(join(inside, 'said.wav'))).toBeUndefined()
  expect(await whyUnwritable(join(folder.path, 'absent', 'said.wav'))).toContain('is not a folder')
  await folder.remove()
})
