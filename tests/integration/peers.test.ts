/** The programs of others, as the suites start them: each must work before what is tested with it can. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { startChromium } from '../support/chromium.ts'
import { describeWith } from '../support/describe-with.ts'
import { startPostgres } from '../support/postgres.ts'
import { startRedis } from '../support/redis.ts'

describeWith(['redis'], 'a private Redis', () => {
  it('answers, and its port is closed after stop', async () => {
    const redis = await startRedis()
    try {
      const socket = connect(redis.port, '127.0.0.1')
      socket.write('PING\r\n')
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toBe('+PONG\r\n')
      socket.destroy()
    } finally {
      await redis.stop()
    }
    const late = connect(redis.port, '127.0.0.1')
    const [error] = await once(late, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describeWith(['postgres'], 'a private PostgreSQL', () => {
  it('answers a query', async () => {
    await using postgres = await startPostgres()
    const client = new Client({ connectionString: postgres.url })
    await client.connect()
    try {
      const { rows } = await client.query("select current_setting('server_encoding') as encoding")
      expect(rows).toEqual([{ encoding: 'UTF8' }])
    } finally {
      await client.end()
    }
  })
})

describeWith(['chromium'], 'a headless Chromium', () => {
  it('runs a page', async () => {
    await using browser = await startChromium()
    const page = await browser.context.newPage()
    await page.setContent('<title>desk</title><button onclick="document.title = \'pressed\'">Press</button>')
    await page.getByRole('button', { name: 'Press' }).click()
    expect(await page.title()).toBe('pressed')
  })
})
