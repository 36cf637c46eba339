/** Looking into a call: one that rings at two agents, by the API, by `switchroom trace`, and with tshark. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallTrace, Problem } from '../../../src/api/contract/index.ts'
import { Phone } from '../../../src/cli/phone/phone.ts'
import { CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { launch, type RunningProgram } from '../../support/process.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { root } from '../../support/server.ts'
import { dissect } from '../../support/tshark.ts'
import { until } from '../../support/until.ts'
import { busyThenAnswered, said } from './traced-call.ts'

let shop: Phone
let files: QuickCenter
let center: CallCenter
let contact: string
let trace: CallTrace
beforeAll(async () => {
  // Somebody outside, to whom the flow transfers.
  shop = new Phone({ server: '127.0.0.1' })
  await shop.start()
  files = await quickCenter({
    'ivr-flows/main.flow.yaml': [['sip:riverside@shop.fernhill.example', shop.uri]],
  })
  center = await CallCenter.open({
    center: files.path,
    set: { 'sip.allowedUris': shop.uri.replace('sip:', '') },
  })
  ;({ contact, trace } = await busyThenAnswered(center))
})
afterAll(async () => {
  await center.close()
  await shop.stop()
  await files.remove()
})

function start(...args: readonly string[]): RunningProgram {
  return launch(undefined, process.execPath, [
    join(root, 'src/cli/switchroom.ts'),
    'trace',
    ...args,
    '--set',
    `data.dir=${center.server.dataDir}`,
  ])
}

async function cli(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const program = start(...args)
  const { code } = await program.ended
  return { code, output: program.output }
}

describe('the trace of a call', () => {
  it('has every message of the caller and of both agents', () => {
    expect(trace.contact).toBe(contact)
    expect(trace.legs.map(({ party }) => party)).toEqual([
      { kind: 'caller' },
      { kind: 'agent', name: 'alice' },
      { kind: 'agent', name: 'bob' },
    ])
    // The caller is told who answered (RFC 4916).
    expect(said(trace, 0)).toEqual([
      '< INVITE INVITE',
      '> 200 OK INVITE',
      '< ACK ACK',
      '> UPDATE UPDATE',
      '< 200 OK UPDATE',
      '> BYE BYE',
      '< 200 OK BYE',
    ])
    expect(said(trace, 1)).toEqual(['> INVITE INVITE', '< 486 Busy Here INVITE', '> ACK ACK'])
    expect(said(trace, 2)).toEqual([
      '> INVITE INVITE',
      '< 200 OK INVITE',
      '> ACK ACK',
      '< BYE BYE',
      '> 200 OK BYE',
    ])
  })

  it('says when audio flowed, who heard whom, and how each leg ended', () => {
    const [caller, alice, bob] = trace.legs.map(({ call }) => call!)
    const notes = trace.notes.map(({ what, calls }) => [what, ...calls])
    expect(notes).toContainEqual(['bridged', caller, bob])
    for (const call of [caller, bob]) {
      for (const what of ['rtp-started', 'rtp-ended', 'ended']) expect(notes).toContainEqual([what, call])
    }
    expect(notes).toContainEqual(['ended', alice])
    expect(notes).not.toContainEqual(['rtp-started', alice])
  })

  it('has the leg of a transfer, named by the address', async () => {
    const ringing = shop.incoming()
    const call = await center.call('+12025550101', '100')
    const [ongoing] = await center.contacts()
    await call.press('4')
    await (await ringing).reject('busy')
    const outside = await until('the end of the transfer', async () => {
      const all = await (await center.watcher()).ask<CallTrace>('GET', `contacts/${ongoing!.id}/trace`)
      return all.notes.filter(({ what }) => what === 'ended').length > 0 && all
    })
    await call.hangUp()
    expect(outside.legs.map(({ party }) => party)).toEqual([
      { kind: 'caller' },
      { kind: 'outside', name: shop.uri },
    ])
    expect(said(outside, 1)).toEqual(['> INVITE INVITE', '< 486 Busy Here INVITE', '> ACK ACK'])
  })

  it('is for supervisors and administrators alone', async () => {
    for (const [name, status] of [['alice', 403] as const, ['sam', 200] as const, ['ada', 200] as const]) {
      const person = await center.person(name)
      for (const path of ['trace', 'trace.pcap']) {
        const response = await person.fetch('GET', `contacts/${contact}/${path}`)
        expect([name, path, response.status]).toEqual([name, path, status])
      }
    }
    expect((await fetch(`${center.server.http}/v1/contacts/${contact}/trace`)).status).toBe(401)
  })

  it('is not there for a call that never was', async () => {
    const response = await (await center.watcher()).fetch('GET', 'contacts/nobody/trace')
    expect(response.status).toBe(404)
    expect(((await response.json()) as Problem).remedy).toMatch(/trace\.hours/)
  })
})

describe('switchroom trace', () => {
  it('draws the ladder, by a part of the contact, a call, or a Call-ID', async () => {
    const { code, output } = await cli(contact.slice(0, 8))
    expect(code).toBe(0)
    expect(output).toContain(`contact ${contact}`)
    expect(output).toMatch(/ caller +switchroom +alice's phone +bob's phone/)
    expect(output).toMatch(/│─+ INVITE sdp ─+►│/)
    expect(output).toMatch(/│◄─+ 486 Busy Here ─+│/)
    expect(output).toContain('hear each other')
    const [, alice] = trace.legs
    for (const id of [alice!.call!, alice!.sipCallIds[0]!]) expect((await cli(id)).output).toBe(output)
  })

  it('shows every message in full, and writes the capture file', async () => {
    const file = center.file('call').replace('.wav', '.pcap')
    const { output } = await cli(contact, '--messages', '--pcap', file)
    expect(output.match(/^--- /gm)).toHaveLength(trace.messages.length)
    expect(output).toContain('X-Switchroom-Contact'.toLowerCase())
    const sam = await center.watcher()
    const byApi = await sam.fetch('GET', `contacts/${contact}/trace.pcap`)
    expect(byApi.headers.get('content-type')).toBe('application/vnd.tcpdump.pcap')
    expect(await readFile(file)).toEqual(Buffer.from(await byApi.arrayBuffer()))
  })

  it('follows a call that goes on, to its end', async () => {
    const call = await center.call('+12025550101', '100')
    const [ongoing] = await center.contacts()
    const program = start(ongoing!.id, '--follow')
    await program.line(/│═+ RTP ═+│/)
    await call.hangUp()
    expect((await program.ended).code).toBe(0)
    expect(program.lines.filter((line) => line.includes('switchroom'))).toHaveLength(1)
    expect(program.output).toMatch(/─ BYE ─[\s\S]+200 OK \(BYE\)[\s\S]+ ended /)
  })

  it('prints what the API says, for programs', async () => {
    expect(JSON.parse((await cli(contact, '--json')).output)).toEqual(trace)
  })

  it('says what is wrong, and ends with 1', async () => {
    const { code, output } = await cli('nobody')
    expect(code).toBe(1)
    expect(output).toMatch(/no trace of a call "nobody"[\s\S]*NOT_FOUND/)
  })
})

describeWith(['tshark'], 'the capture file', () => {
  it('has every message as it was, where and when it was', async () => {
    const file = center.file('capture').replace('.wav', '.pcap')
    const sam = await center.watcher()
    const response = await sam.fetch('GET', `contacts/${contact}/trace.pcap`)
    await writeFile(file, new Uint8Array(await response.arrayBuffer()))
    const packets = await dissect(file)
    expect(packets).toEqual(
      trace.messages.map(({ at, source, destination, sipCallId, text }) => {
        const first = text.slice(0, text.indexOf('\r\n'))
        const isResponse = first.startsWith('SIP/2.0')
        return {
          at: expect.stringContaining((at / 1000).toFixed(3)),
          protocols: expect.stringMatching(/^eth:ethertype:ip:udp:sip(:sdp)?$/),
          source: source.host,
          destination: destination.host,
          udp: `${source.port},${destination.port}`,
          tcp: '',
          request: isResponse ? '' : first,
          response: isResponse ? first : '',
          callId: sipCallId,
          cseq: /^CSeq: (.*)\r$/m.exec(text)?.[1],
          malformed: '',
          badIpSum: '1',
          badUdpSum: '1',
          badTcpSum: '',
        }
      }),
    )
  })
})
