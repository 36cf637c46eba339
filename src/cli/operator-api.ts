import { Check } from 'typebox/value'
import { Problem } from '../api/contract/index.ts'
import { type ErrorCode, errorCodes, messageOf, SwitchroomError } from '../errors.ts'

/** The API of the running server, as its operator. */
export class OperatorApi {
  readonly #address: string
  readonly #token: string

  constructor(address: string, token: string) {
    this.#address = address
    this.#token = token
  }

  /**
   * The content of the answer; null where there is none.
   * @throws SwitchroomError the server's refusal, or SERVER_UNREACHABLE
   */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const text = await (await this.#request(method, path, body)).text()
    return parse(text)
  }

  /** The answer to a GET that is no JSON. @throws as `ask` */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', path)).arrayBuffer())
  }

  async #request(method: string, path: string, body?: object): Promise<Response> {
    const response = await reach(new URL(path, this.#address), {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    const content = parse(await response.text())
    if (Check(Problem, content) && isErrorCode(content.code)) {
      const faults = (content.faults ?? []).map(({ field, message }) => `${field}: ${message}`)
      throw new SwitchroomError(content.code, [content.detail, ...faults].join(' '), {
        ...(content.remedy !== undefined && { remedy: content.remedy }),
      })
    }
    throw new SwitchroomError(
      'SERVER_UNREACHABLE',
      `${this.#address} answered ${method} ${path} with ${response.status}; expected the API of Switchroom.`,
    )
  }
}

/** For an answer that this program does not understand. */
export function otherVersion(what: string): SwitchroomError {
  return new SwitchroomError(
    'SERVER_UNREACHABLE',
    `The running server is of another version: its ${what} differs.`,
    {
      remedy: 'Restart the server.',
    },
  )
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
    throw new SwitchroomError(
      'SERVER_UNREACHABLE',
      `No server answers at ${url.origin}: ${messageOf(cause)}`,
      {
        remedy:
          'It has the data folder open, but does not answer: is it just starting or leaving? Try again.',
        cause: thrown,
      },
    )
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}
