import { settingInfos, settingsSchema } from './settings.ts'

const titles = Object.fromEntries(
  Object.entries(settingsSchema.properties).map(([group, schema]) => [
    group,
    (schema as { description?: string }).description,
  ]),
)

/**
 * The commented sample of a settings file: every setting with its meaning, default and environment variable,
 * all commented out, so that a copy of it changes nothing until a line is opened.
 */
export function settingsSample(): string {
  const lines = [
    '# Settings of Switchroom. Copy this file to settings.yaml and open the lines you want to change.',
    '# Each can also be given as an environment variable or as a flag: npm start -- --set http.port=18080',
  ]
  let group = ''
  for (const setting of settingInfos) {
    if (setting.group !== group) {
      group = setting.group
      lines.push('', `# ${titles[setting.group] ?? ''}`, `# ${group}:`)
    }
    lines.push(...wrap(setting.description, '#   # '))
    if (setting.choices.length > 0) lines.push(`#   # One of: ${setting.choices.join(', ')}.`)
    lines.push(`#   # (${setting.env})`, `#   ${setting.key}: ${JSON.stringify(setting.fallback)}`)
  }
  return `${lines.join('\n')}\n`
}

function wrap(text: string, prefix: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (`${prefix}${line} ${word}`.length > 100) {
      lines.push(prefix + line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, prefix + line]
}
