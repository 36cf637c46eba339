/**
 * Free ports on loopback. They are taken below the ephemeral range (32768 and up on Linux): a port from it can
 * be given to somebody's outgoing connection between our look and the bind.
 */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const HOST = '127.0.0.1'
const SINGLES = { from: 10_000, to: 14_999 }
const BLOCKS = { from: 15_000, to: 31_999 }

/** Processes start at different places, so that suites beside each other do not meet. */
let nextSingle = SINGLES.from + Math.floor(Math.random() * 4_000)
let nextBlock = BLOCKS.from + 2 * Math.floor(Math.random() * 6_000)

/** A port that is free for UDP and TCP; with `count`, the first of so many in a row. */
export async function freePort(count = 1): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const first = nextSingle
    nextSingle = nextSingle + 2 * count > SINGLES.to ? SINGLES.from : nextSingle + count
    if ((await allBindUdp(first, count)) && (await allBindTcp(first, count))) return first
  }
  throw new Error(`no ${count} free ports in a row between ${SINGLES.from} and ${SINGLES.to}`)
}

/** The first of `count` free UDP ports in a row, even, as RTP wants it. */
export async function freePortBlock(count: number): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const first = nextBlock
    nextBlock = nextBlock + 2 * count > BLOCKS.to ? BLOCKS.from : nextBlock + count + (count % 2)
    if (await allBindUdp(first, count)) return first
  }
  throw new Error(`no ${count} free ports in a row between ${BLOCKS.from} and ${BLOCKS.to}`)
}

async function allBindUdp(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port++) if (!(await bindsUdp(port))) return false
  return true
}

async function allBindTcp(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port++) if (!(await bindsTcp(port))) return false
  return true
}

function bindsUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: HOST, exclusive: true }, () => socket.close(() => resolve(true)))
  })
}

function bindsTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
