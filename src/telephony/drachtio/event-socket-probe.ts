import { connect } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import type { MediaServerOptions } from './options.ts'

const PROBE_MS = 3_000

/**
 * Why a FreeSWITCH cannot serve: nothing listens, the password is wrong, the profile is missing; undefined when it
 * can. Asked before drachtio-fsmrf connects, which goes on trying for ever without a handle to stop it, and throws
 * out of a socket's callback where the profile is missing.
 */
export function whyNoMediaServer(
  { host, port, secret, profile }: MediaServerOptions,
  clock: Clock,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({ host, port })
  const over = (why: string | undefined): void => {
    cancel()
    socket.destroy()
    resolve(why)
  }
  const cancel = clock.after(PROBE_MS, () => over(`it said nothing for ${PROBE_MS} ms`))
  let heard = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    heard += text
    if (heard.includes('rude-rejection')) over('it does not let this address in (its apply-inbound-acl)')
    else if (heard.includes('auth/request')) {
      heard = ''
      socket.write(`auth ${secret}\n\n`)
    } else if (heard.includes('-ERR invalid')) over('it refuses the password')
    else if (heard.includes('+OK accepted')) {
      heard = ''
      socket.write('api sofia status\n\n')
    } else if (/^\d+ profiles? /m.test(heard)) over(whyNoProfile(heard, profile))
  })
  socket.on('error', (error) => over(error.message))
  socket.on('close', () => over('it closed the connection'))
  return promise
}

/** As drachtio-fsmrf looks for it in the answer to `sofia status`. */
function whyNoProfile(status: string, profile: string): string | undefined {
  const line = new RegExp(
    `^\\s*${RegExp.escape(profile)}\\s.*sip:mod_sofia@(?:\\d{1,3}\\.){3}\\d{1,3}:\\d+`,
    'm',
  )
  return line.test(status) ? undefined : `it has no sofia profile ${profile} on an IPv4 address`
}
