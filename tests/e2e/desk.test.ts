/** The agent desk as an agent has it: real server, real browser, real SIP. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Contact, Customer, Interaction } from '../../src/api/contract/index.ts'
import { Phone } from '../../src/cli/phone/phone.ts'
import { startChromium } from '../support/chromium.ts'
import { describeWith } from '../support/describe-with.ts'
import { root, type Server, startServer } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const PASSWORD = 'fernhill'
const HARBOUR_DENTAL = '+12025550142'
/** So long that a phone which rings earlier rings because the desk said so. */
const POP_LEAD_MS = 5000

/** Notes when the frame that shows the screen pop was painted, without the help of the desk. */
const WATCH_POP = `
  new MutationObserver((_changes, observer) => {
    if (!document.querySelector('[data-phase="offered"]')) return
    observer.disconnect()
    requestAnimationFrame(() => { window.popPaintedAt = Date.now() })
  }).observe(document, { subtree: true, childList: true })
`

describeWith(['chromium'], 'agent desk', () => {
  const ends = new AsyncDisposableStack()
  let data: TempFolder
  let server: Server
  let page: Page

  beforeAll(async () => {
    data = await tempFolder('desk')
    ends.defer(() => data.remove())
    server = await startServer({ dataDir: data.path, set: { 'desk.popLead': POP_LEAD_MS } })
    ends.defer(async () => void (await server.stop()))
    const { context } = ends.use(await startChromium())
    page = await context.newPage()
    await page.addInitScript(WATCH_POP)
    await signIn()
  })

  afterAll(() => ends.disposeAsync())

  async function signIn(): Promise<void> {
    await page.goto(`${server.http}/desk`)
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Live', { exact: true }).waitFor()
  }

  /** Asks the API as somebody else. */
  async function ask<Answer>(user: string, method: string, path: string, body?: object): Promise<Answer> {
    const send = (url: string, content: object | undefined, token?: string): Promise<Response> =>
      fetch(`${server.http}/v1/${url}`, {
        method: token === undefined ? 'POST' : method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(content && { 'content-type': 'application/json' }),
        },
        ...(content && { body: JSON.stringify(content) }),
      })
    const session = await send('session', { username: user, password: PASSWORD })
    const { token } = (await session.json()) as { token: string }
    const response = await send(path, body, token)
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true)
    return (await response.json()) as Answer
  }

  async function registered(): Promise<Phone> {
    const phone = new Phone({ server: server.sip, device: 'alice', password: PASSWORD })
    await phone.start()
    await page.getByText('Phone registered').waitFor()
    return phone
  }

  async function openHarbourDental(): Promise<void> {
    await page.keyboard.press('/')
    await page.keyboard.type('harbour')
    await page.getByRole('button', { name: 'Harbour Dental Group' }).first().click()
    await page.getByLabel('Company').waitFor()
  }

  it('keeps page, state and an unsaved edit while the server is killed and started again', async () => {
    await page.getByRole('button', { name: 'Go available' }).first().click()
    await page.getByText('Available', { exact: true }).waitFor()
    await openHarbourDental()
    await page.getByLabel('Company').fill('Harbour Health')

    const { httpPort, sipPort } = server
    await server.kill()
    await page.getByText('Reconnecting …', { exact: true }).waitFor()
    expect(await page.getByLabel('Company').inputValue()).toBe('Harbour Health')

    server = await startServer({
      dataDir: data.path,
      set: { 'desk.popLead': POP_LEAD_MS, 'http.port': httpPort, 'sip.port': sipPort },
    })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('The server was restarted. You are back as before: available.').waitFor()
    await page.getByText('Available', { exact: true }).waitFor()
    expect(await page.getByLabel('Company').inputValue()).toBe('Harbour Health')

    await page.reload()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByLabel('Company').inputValue()).toBe('Harbour Health')
    await page.keyboard.press('Control+s')
    await page.getByText('Harbour Dental Group saved.').waitFor()
    const customer = await ask<Customer>('ada', 'GET', 'customers/harbour-dental')
    expect(customer.company).toBe('Harbour Health')
  })

  it('shows what somebody else changed meanwhile, and lets the agent decide', async () => {
    await openHarbourDental()
    await page.getByLabel('Company').fill('Harbour Health Ltd')
    const { version } = await ask<Customer>('bob', 'GET', 'customers/harbour-dental')
    const change = { version, company: 'Theirs', language: 'es' }
    await ask('bob', 'PATCH', 'customers/harbour-dental', change)

    await page.getByText('Somebody else changed this record while you were editing').waitFor()
    expect(await page.getByLabel('Language').inputValue()).toBe('es')
    expect(await page.getByLabel('Company').inputValue()).toBe('Harbour Health Ltd')
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByLabel('Language').fill('en')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Harbour Dental Group saved.').waitFor()
    const saved = await ask<Customer>('ada', 'GET', 'customers/harbour-dental')
    expect(saved).toMatchObject({ company: 'Harbour Health Ltd', language: 'en', version: version + 2 })
  })

  it('pops before the phone rings; record, wrap-up and disposition close the contact', async () => {
    await page.reload()
    await using phone = disposable(await registered())
    await using caller = disposable(new Phone({ server: server.sip, number: HARBOUR_DENTAL }))
    await caller.start()
    const invited = new Promise<number>((resolve) => phone.listen(() => resolve(Date.now())))
    const ringing = phone.incoming()
    const call = caller.call('100')
    await call.answered
    await call.next('heard')
    await call.press('1')

    const pop = page.getByRole('region', { name: 'Harbour Dental Group' })
    await pop.getByText('Your phone rings').waitFor()
    const invitedAt = await invited
    const paintedAt = await page.evaluate<number>('window.popPaintedAt')
    expect(paintedAt).toBeLessThanOrEqual(invitedAt)
    expect(invitedAt - paintedAt).toBeLessThan(POP_LEAD_MS / 2)
    expect(await page.title()).toContain('Harbour Dental Group is calling')
    expect(await pop.innerText()).toMatch(/key.*Named agent\s+You.*Menu.*Billing.*Queue/is)
    await page.getByText('Second site was billed twice in October.').waitFor()
    if (process.env['SWITCHROOM_TEST_SCREENSHOT'] === '1') {
      await page.screenshot({ path: join(root, 'docs/images/desk.png') })
    }

    await page.keyboard.press('w')
    await pop.getByText('the named agent, and free').waitFor()
    await page.keyboard.press('w')

    const incoming = await ringing
    await incoming.answer()
    await pop.getByText('Talking').waitFor()
    const { contacts } = await ask<{ contacts: Contact[] }>('ada', 'GET', 'contacts')
    const contact = contacts[0]?.id
    expect(contacts).toHaveLength(1)

    await page.getByRole('region', { name: 'Customer' }).getByLabel('Notes').fill('Credit is confirmed.')
    await page.keyboard.press('Control+s')
    await page.getByText('Harbour Dental Group saved.').waitFor()
    const { notes } = await ask<Customer>('ada', 'GET', 'customers/harbour-dental')
    expect(notes).toBe('Credit is confirmed.')

    await page.keyboard.press('Alt+h')
    const wrapUp = page.getByRole('region', { name: 'Wrap-up' })
    await wrapUp.getByLabel('Disposition').selectOption('Bill corrected')
    await wrapUp.getByLabel('Notes').fill('Credit sent.')
    expect(await wrapUp.getByLabel('Disposition').innerText()).not.toContain('Sold')
    await incoming.ended
    await call.hangUp()

    await page.reload()
    await wrapUp.getByText('left').waitFor()
    expect(await wrapUp.getByLabel('Notes').inputValue()).toBe('Credit sent.')
    await wrapUp.getByRole('button', { name: 'Finish wrap-up' }).click()
    await page.getByText('Contact with Harbour Dental Group closed: Bill corrected.').waitFor()
    await page.getByText('Ready for the next call').waitFor()

    const interaction = await until('the interaction is stored', async () => {
      const answer = await fetchInteraction(contact ?? '')
      return answer?.outcome === undefined ? undefined : answer
    })
    expect(interaction).toMatchObject({
      outcome: 'handled',
      customer: 'harbour-dental',
      disposition: 'bill-corrected',
      notes: 'Credit sent.',
      data: { team: 'billing' },
    })
    const kinds = interaction.segments.map(({ kind }) => kind)
    for (const kind of ['ivr', 'queue', 'ring', 'talk', 'wrap-up']) expect(kinds).toContain(kind)
  })

  async function fetchInteraction(id: string): Promise<Interaction | undefined> {
    try {
      return await ask<Interaction>('ada', 'GET', `interactions/${id}`)
    } catch {
      return undefined
    }
  }
})

function disposable(phone: Phone): Phone & AsyncDisposable {
  return Object.assign(phone, { [Symbol.asyncDispose]: () => phone.stop() })
}
