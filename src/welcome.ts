import type { CenterFiles } from './config/center.ts'

/** What a newcomer needs to know of a server that has just come up: where it is and what to try. */
export function welcome(http: string, sip: { host: string; port: number }, files: CenterFiles): string {
  const address = `${sip.host}:${sip.port}`
  const lines = [
    '',
    `  SIP        sip:${address}  (UDP and TCP)`,
    `  Desk       ${http}/desk`,
    `  API        ${http}/docs`,
    '',
    ...Object.entries(files.numbers).map(([number, { name }]) => `  Dial ${number.padEnd(12)} ${name}`),
  ]
  if (files.demo) {
    const people = Object.entries(files.demo.people).map(([id, { role }]) =>
      role === 'agent' ? id : `${id} (${role})`,
    )
    const [agent = 'alice'] = Object.keys(files.demo.people)
    lines.push(
      '',
      `  Sign in as ${people.join(', ')}; password ${files.demo.password}`,
      '',
      '  Try it from two more terminals:',
      `    npx switchroom phone agent ${agent} --available`,
      '    npx switchroom phone call 100 --press 1',
    )
  }
  return `${lines.join('\n')}\n`
}
