import { describe, expect, it } from 'vitest'
import { phoneAgent } from '../../../src/cli/phone-agent.ts'
import { phoneCall } from '../../../src/cli/phone-call.ts'
import { freePort } from '../../support/ports.ts'

describe('phone call', () => {
  it.each([
    [[], /expected one number/],
    [['100', '101'], /expected one number/],
    [['100', '--press', '1,x'], /--press 1,x: expected keys/],
    [['100', '--press-after', 'soon'], /--press-after soon: expected a number/],
    [['100', '--hangup-after', '-1'], /--hangup-after/],
    [['100', '--server', 'http://here'], /"http:\/\/here" is not a host/],
    [['100', '--loud'], /--loud/],
  ])('refuses %j', async (args, found) => {
    await expect(phoneCall.run(args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(found),
    })
  })

  it('says at once that nothing listens there', async () => {
    const server = `127.0.0.1:${await freePort()}`
    await expect(phoneCall.run(['100', '--server', server])).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringContaining(server),
    })
  })
})

describe('phone agent', () => {
  it.each([
    [[], /expected the user name/],
    [['alice', '--answer-after', 'soon'], /--answer-after soon: expected seconds/],
    [['alice', '--api', 'http://192.0.2.1:8080'], /expected --password/],
    [['alice', '--password', 'x', '--api', 'nowhere'], /"nowhere" is not the address/],
  ])('refuses %j', async (args, found) => {
    await expect(phoneAgent.run(args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(found),
    })
  })

  it('says that no server answers', async () => {
    const api = `http://127.0.0.1:${await freePort()}`
    await expect(phoneAgent.run(['alice', '--api', api])).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
  })
})
