import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { SwitchroomError } from '../errors.ts'

/** Where a password is read from and where people are asked for it. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

/**
 * A new password: asked for twice without showing it, or the first line of the standard input.
 * @throws SwitchroomError USAGE without a terminal, INPUT_INVALID when the two differ or none is given
 */
export async function newPassword(
  fromStdin: boolean,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  if (fromStdin) return firstLine(input)
  if (!input.isTTY) {
    throw new SwitchroomError('USAGE', 'There is no terminal to ask for the password.', {
      remedy: 'Send it on the standard input, with --password-stdin.',
    })
  }
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: hidden, terminal: true })
  const closed = new Promise<never>((_resolve, reject) => {
    const gaveUp = new SwitchroomError('INPUT_INVALID', 'No password was given; nothing has been changed.')
    lines.once('close', () => reject(gaveUp))
  })
  try {
    const ask = async (question: string): Promise<string> => {
      const answer = Promise.race([lines.question(''), closed])
      output.write(question)
      const password = await answer
      output.write('\n')
      return password
    }
    const password = await ask('New password: ')
    if (password === (await ask('Once more: '))) return password
    throw new SwitchroomError('INPUT_INVALID', 'The two passwords differ; nothing has been changed.')
  } finally {
    lines.close()
  }
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of input) text += chunk.toString()
  const [line = ''] = text.split(/\r?\n/)
  if (line !== '') return line
  throw new SwitchroomError('INPUT_INVALID', 'The standard input is empty; expected a password.')
}
