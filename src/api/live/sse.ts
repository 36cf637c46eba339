import type { ServerResponse } from 'node:http'
import type { Line } from './live.ts'
import { LONGEST_BACKLOG_BYTES } from './websocket.ts'

/** Browsers that lose the stream come back after this long. */
const RETRY_MS = 2_000

/** Begins a stream of server-sent events on a response; a reader that does not keep up is disconnected. */
export function sseLine(response: ServerResponse, longestBacklog = LONGEST_BACKLOG_BYTES): Line {
  response.write(`retry: ${RETRY_MS}\n\n`)
  return {
    send({ sse }) {
      if (response.writableEnded || response.destroyed) return
      if (response.writableLength > longestBacklog) response.destroy()
      else response.write(sse)
    },
    close() {
      response.end()
    },
  }
}
