import type { MediaEvent, MediaRequest } from './media/protocol.ts'

/** The media worker as the signalling sees it; `MediaClient` is the real one. */
export interface MediaLink {
  start(receive: (event: MediaEvent) => void): Promise<void>
  send(request: MediaRequest): void
  stop(): Promise<void>
}
