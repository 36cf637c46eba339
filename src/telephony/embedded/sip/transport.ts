import type { Hop } from './message.ts'

/** What a transport does with what it receives: one datagram, or one message cut from a stream. */
export type ReceivePacket = (data: Buffer, source: Hop) => void

/** Far above any call set-up with SDP; larger datagrams are dropped unread. */
export const MAX_DATAGRAM = 16 * 1024
/** Head and body of one message on a stream. */
export const MAX_STREAM_MESSAGE = 64 * 1024
