import type { FastifyInstance } from 'fastify'
import { messageOf, SwitchroomError } from '../errors.ts'

/**
 * Begins to serve.
 * @param where `http.host` and `http.port`; port 0 takes any free one
 * @returns the address that browsers use, for example `http://127.0.0.1:8080`
 * @throws SwitchroomError PORT_TAKEN or ADDRESS_UNAVAILABLE
 */
export async function listen(app: FastifyInstance, where: { host: string; port: number }): Promise<string> {
  const { host, port } = where
  try {
    return await app.listen({ host, port, listenTextResolver: (address) => `listening at ${address}` })
  } catch (thrown) {
    throw explained(thrown, host, port)
  }
}

function explained(thrown: unknown, host: string, port: number): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'EADDRINUSE') {
    return new SwitchroomError('PORT_TAKEN', `http.port is ${port}, which another program uses on ${host}.`, {
      remedy: `Stop that program, or choose another port: --set http.port=${port < 65535 ? port + 1 : 8080}`,
      cause: thrown,
    })
  }
  if (code === 'EACCES') {
    return new SwitchroomError('PORT_TAKEN', `http.port is ${port}, which this user may not listen on.`, {
      remedy: 'Choose a port from 1024 up: --set http.port=8080',
      cause: thrown,
    })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new SwitchroomError(
      'ADDRESS_UNAVAILABLE',
      `http.host is ${host}, which is no address of this machine (${messageOf(thrown)}).`,
      { remedy: 'Use 127.0.0.1 for this machine only: --set http.host=127.0.0.1', cause: thrown },
    )
  }
  return thrown
}
