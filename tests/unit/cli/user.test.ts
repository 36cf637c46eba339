import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { agentSkills } from '../../../src/cli/agent-skills.ts'
import type { Command } from '../../../src/cli/command.ts'
import { userAdd } from '../../../src/cli/user-add.ts'
import { userDisable, userEnable } from '../../../src/cli/user-enabled.ts'
import { userList } from '../../../src/cli/user-list.ts'
import { userPasswd } from '../../../src/cli/user-passwd.ts'
import { userPhone } from '../../../src/cli/user-phone.ts'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { DataFolder } from '../../../src/database/data-folder.ts'
import { openDatabase } from '../../../src/database/open-database.ts'
import { checkCredentials } from '../../../src/database/people.ts'
import { startApi } from '../../integration/api/start-api.ts'
import { copyTestDatabase, silent } from '../../support/database.ts'
import { tempFolder } from '../../support/temp-folder.ts'

afterEach(() => vi.restoreAllMocks())

/** Runs a command; gives what it wrote. */
async function run(command: Command, args: readonly string[], input?: string): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  if (input !== undefined) vi.spyOn(process, 'stdin', 'get').mockReturnValue(typed(input))
  try {
    expect(await command.run(args)).toBe(0)
    return write.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    vi.restoreAllMocks()
  }
}

function typed(text: string): typeof process.stdin {
  return Readable.from([text]) as unknown as typeof process.stdin
}

async function openData() {
  const folder = await tempFolder('people')
  const path = join(folder.path, 'database')
  await copyTestDatabase(path)
  const open = () => openDatabase({ kind: 'pglite', folder: path }, silent)
  return { path: folder.path, open, [Symbol.asyncDispose]: folder.remove }
}

describe('switchroom user and agent skills', () => {
  it('work in the database when no server runs, and give the data folder back', {
    timeout: 60_000,
  }, async () => {
    await using data = await openData()
    const at = ['--set', `data.dir=${data.path}`]
    await run(
      userAdd,
      ['mei', '--name', 'Mei Tanaka', '--skill', 'billing=5', '--password-stdin', ...at],
      'one horse\n',
    )
    await run(userPasswd, ['mei', '--password-stdin', ...at], 'battery staple\n')
    expect(await run(agentSkills, ['mei', 'billing=7', 'support=2', ...at])).toBe(
      'mei: billing 7, support 2\n',
    )
    const unknown = run(agentSkills, ['mei', 'juggling=3', ...at])
    await expect(unknown).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('juggling'),
    })
    expect(await run(userPhone, ['mei', '--standing', 'on', ...at])).toBe(
      'mei: auto-answer off, standing call on\n',
    )
    DataFolder.open(data.path, 'server', new RealClock()).release()
    const database = await data.open()
    expect(await checkCredentials(database, 'mei', 'battery staple')).toMatchObject({
      skills: { billing: 7, support: 2 },
      phone: { autoAnswer: false, standing: true },
    })
    await database.destroy()
  })

  it('work through the running server, which has the database open', { timeout: 60_000 }, async () => {
    await using data = await openData()
    const folder = DataFolder.open(data.path, 'server', new RealClock())
    const database = await data.open()
    await using api = await startApi(database, { operatorToken: () => folder.operatorToken })
    folder.announce(await api.listen())
    const at = ['--set', `data.dir=${data.path}`]
    const added = await run(
      userAdd,
      [
        'mei',
        '--name',
        'Mei Tanaka',
        '--skill',
        'billing=5',
        '--skill',
        'support=2',
        '--password-stdin',
        ...at,
      ],
      'correct horse\n',
    )
    expect(added).toContain('mei can sign in now')
    expect(await run(userList, at)).toMatch(/^mei +Mei Tanaka +agent +enabled +billing 5, support 2$/m)
    const again = run(userAdd, ['mei', '--password-stdin', ...at], 'correct horse\n')
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })

    expect(await run(agentSkills, ['mei', ...at])).toBe('mei: billing 5, support 2\n')
    expect(await run(agentSkills, ['mei', 'billing=7', 'support=0', ...at])).toBe('mei: billing 7\n')
    const unknown = run(agentSkills, ['mei', 'juggling=3', ...at])
    await expect(unknown).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('juggling'),
    })

    const short = run(userPasswd, ['mei', '--password-stdin', ...at], 'short\n')
    await expect(short).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/password/i),
    })
    await run(userPasswd, ['mei', '--password-stdin', ...at], 'battery staple\n')

    expect(await run(userPhone, ['mei', ...at])).toBe('mei: auto-answer off, standing call off\n')
    expect(await run(userPhone, ['mei', '--auto-answer', 'on', ...at])).toBe(
      'mei: auto-answer on, standing call off\n',
    )
    await expect(run(userPhone, ['mei', '--auto-answer', 'yes', ...at])).rejects.toMatchObject({
      code: 'USAGE',
      message: '--auto-answer: found "yes", expected on or off',
    })

    await run(userDisable, ['mei', ...at])
    const [mei] = JSON.parse(await run(userList, ['--json', ...at])).filter(
      ({ id }: { id: string }) => id === 'mei',
    )
    expect(mei).toEqual({
      id: 'mei',
      username: 'mei',
      name: 'Mei Tanaka',
      role: 'agent',
      enabled: false,
      skills: { billing: 7 },
      phone: { autoAnswer: true, standing: false },
    })
    await run(userEnable, ['mei', ...at])
    await expect(
      run(userPasswd, ['ghost', '--password-stdin', ...at], 'battery staple\n'),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await checkCredentials(database, 'mei', 'battery staple')).toMatchObject({
      skills: { billing: 7 },
    })
    await database.destroy()
    folder.release()
  })

  it('say who has the data folder while that one cannot be spoken to', async () => {
    await using data = await openData()
    const at = ['--set', `data.dir=${data.path}`]
    const folder = DataFolder.open(data.path, 'server', new RealClock())
    await expect(run(userList, at)).rejects.toMatchObject({
      code: 'DATA_FOLDER_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    folder.announce('http://127.0.0.1:1')
    await expect(run(userList, at)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    folder.release()
  })

  it.each([
    [userAdd, [], /found none/],
    [userAdd, ['a', 'b'], /found a b/],
    [userAdd, ['a', '--role', 'king'], /"king"/],
    [userAdd, ['a', '--skill', 'billing'], /"billing"/],
    [userAdd, ['a', '--skill', 'billing=11'], /"billing=11"/],
    [userAdd, ['a', '--nick', 'x'], /--nick/],
    [agentSkills, [], /found none/],
    [agentSkills, ['a', 'billing:5'], /"billing:5"/],
    [userDisable, [], /found none/],
  ])('%o %o is called wrongly', async (command, args, message) => {
    await expect(run(command, args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining(`switchroom ${command.name}`),
    })
  })
})
