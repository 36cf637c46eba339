/** The system's Chromium, headless, with a profile of its own, a fake microphone and WebRTC over loopback. */
import { type BrowserContext, chromium } from 'playwright-core'
import { program } from './peers.ts'
import { tempFolder } from './temp-folder.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
]

export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext
  close(): Promise<void>
}

/** @param viewport in CSS pixels (default 1440 x 900) */
export async function startChromium(viewport = { width: 1440, height: 900 }): Promise<Browser> {
  const profile = await tempFolder('chromium')
  const context = await chromium.launchPersistentContext(profile.path, {
    executablePath: program('chromium'),
    headless: true,
    args: FLAGS,
    viewport,
  })
  const close = async (): Promise<void> => {
    await context.close()
    await profile.remove()
  }
  return { context, close, [Symbol.asyncDispose]: close }
}
