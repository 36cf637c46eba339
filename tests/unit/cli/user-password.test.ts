import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { newPassword } from '../../../src/cli/user-password.ts'

/** A terminal at which each text is typed as soon as it is asked for something. */
function terminal(...answers: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  let shown = ''
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    const answer = chunk.toString().endsWith(': ') ? answers.shift() : undefined
    if (answer !== undefined) input.write(answer)
  })
  return { input, output, shown: () => shown }
}

describe('asking for a password', () => {
  it('asks twice and shows nothing of it', async () => {
    const screen = terminal('correct horse\r', 'correct horse\r')
    expect(await newPassword(false, screen)).toBe('correct horse')
    expect(screen.shown()).toBe('New password: \nOnce more: \n')
  })

  it('refuses two that differ', async () => {
    const screen = terminal('correct horse\r', 'correct house\r')
    await expect(newPassword(false, screen)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('changes nothing when the person gives up', async () => {
    const interrupt = '\u0003'
    await expect(newPassword(false, terminal(interrupt))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('reads the first line of the standard input as it is', async () => {
    const from = (text: string) =>
      newPassword(true, { input: Readable.from([text]), output: new PassThrough() })
    expect(await from(' spaces count \n')).toBe(' spaces count ')
    expect(await from('windows\r\nmore')).toBe('windows')
    await expect(from('\n')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('says what to do where there is no terminal', async () => {
    const input = Readable.from([])
    await expect(newPassword(false, { input, output: new PassThrough() })).rejects.toMatchObject({
      code: 'USAGE',
      remedy: expect.stringContaining('--password-stdin'),
    })
  })
})
