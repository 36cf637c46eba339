import type { WebSocket } from 'ws'
import type { Clock } from '../../clock/clock.ts'
import { closeCodes } from '../contract/index.ts'
import type { Line } from './live.ts'

/** A reader that has left this much unread is too slow to be of use. */
export const LONGEST_BACKLOG_BYTES = 8 * 1024 * 1024
/** How long a reader has to take note that it is being closed. */
const CLOSING_MS = 5_000
const STOPPING = 1001

/** Sends events over a WebSocket; a reader that does not keep up is told so and closed. */
export function websocketLine(socket: WebSocket, clock: Clock, longestBacklog = LONGEST_BACKLOG_BYTES): Line {
  return {
    send({ json }) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > longestBacklog) {
        closePolitely(
          socket,
          clock,
          closeCodes.tooSlow,
          'You read too slowly. Connect again with your last cursor.',
        )
        return
      }
      socket.send(json, { binary: false, compress: false })
    },
    close(why) {
      if (why === 'stopping')
        closePolitely(socket, clock, STOPPING, 'The server is stopping. Connect again soon.')
      else closePolitely(socket, clock, closeCodes.notSignedIn, 'The session has ended. Sign in again.')
    },
  }
}

/** Closes with a code and a reason, and does not wait for ever for the other side to agree. */
export function closePolitely(socket: WebSocket, clock: Clock, code: number, reason: string): void {
  socket.close(code, reason)
  const cancel = clock.after(CLOSING_MS, () => socket.terminate())
  socket.once('close', cancel)
}
