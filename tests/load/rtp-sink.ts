/**
 * Listens on the UDP port given and counts: audio to a port that nobody listens on would come back as ICMP errors
 * and change what the sender pays. On SIGTERM it writes `packets <n>` and ends.
 */
import { createSocket } from 'node:dgram'

let packets = 0
const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
socket.on('message', () => {
  packets++
})
socket.bind(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'))
process.on('SIGTERM', () => {
  console.log(`packets ${packets}`)
  socket.close()
})
