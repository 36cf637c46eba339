import type { MediaEvent, MediaRequest } from './media/protocol.ts'

/** The media worker as the signalling sees it; `MediaClient` is the real one. */
export interface MediaLink {
  /** @param changed told when audio is not to be had for a while, and when it is again */
  start(receive: (event: MediaEvent) => void, changed: (up: boolean) => void): Promise<void>
  send(request: MediaRequest): void
  stop(): Promise<void>
}
