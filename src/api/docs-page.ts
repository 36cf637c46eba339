import { errorCodes } from '../errors.ts'

/** The part of JSON Schema that the contract uses. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly description?: string
}

interface Content {
  readonly description?: string
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly description?: string
    readonly schema?: Schema
  }[]
  readonly requestBody?: Content
  readonly responses?: Readonly<Record<string, Content>>
}

/** The part of an OpenAPI document that the page shows. */
interface Spec {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

export const docsStyle = `
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#555, #aaa); --link: light-dark(#0b57b0, #8ab8f5) }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 60rem }
a { color: var(--link) }
code, pre { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
pre { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; white-space: pre-wrap }
section > article { border-top: 1px solid var(--line); padding: .5rem 0 }
h3 code { font-size: 1rem } .quiet { color: var(--quiet) } .method { font-weight: 700 }
dt { font-weight: 600; margin-top: .5rem } dd { margin: 0 0 0 1.5rem }
nav ul { columns: 3; padding-left: 1.2rem }`

/** A readable page of an OpenAPI document. */
export function docsPage(spec: Spec): string {
  const operations = operationsOf(spec)
  const tags = spec.tags ?? []
  const schemas = Object.entries(spec.components?.schemas ?? {})
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(spec.info.title)} API</title><style>${docsStyle}</style></head><body>
<h1>${text(spec.info.title)} API <small class="quiet">${text(spec.info.version)}</small></h1>
<p>${prose(spec.info.description)}</p>
<p>This page is made from <a href="/docs/openapi.json">the OpenAPI document</a>, and that from the schemas by which requests are checked.</p>
<nav aria-label="Contents"><ul>
${tags.map(({ name }) => `<li><a href="#tag-${text(name)}">${text(name)}</a></li>`).join('\n')}
<li><a href="#schemas">Schemas</a></li><li><a href="#errors">Errors</a></li></ul></nav>
<main>
${tags
  .map(
    ({
      name,
      description,
    }) => `<section id="tag-${text(name)}"><h2>${text(name)}</h2><p>${prose(description)}</p>
${operations
  .filter(({ operation }) => operation.tags?.includes(name))
  .map(operationArticle)
  .join('\n')}</section>`,
  )
  .join('\n')}
<section id="schemas"><h2>Schemas</h2>
${schemas.map(([name, schema]) => `<article id="${text(name)}"><h3>${text(name)}</h3>${schemaBlock(schema as Schema)}</article>`).join('\n')}
</section>
<section id="errors"><h2>Errors</h2><dl>
${Object.entries(errorCodes)
  .map(([code, meaning]) => `<dt id="${code}"><code>${code}</code></dt><dd>${text(meaning)}</dd>`)
  .join('\n')}
</dl></section></main></body></html>
`
}

function operationsOf({ paths = {} }: Spec) {
  return Object.entries(paths).flatMap(([path, methods = {}]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  )
}

function operationArticle({ path, method, operation }: ReturnType<typeof operationsOf>[number]): string {
  const { operationId = '', summary, description, parameters = [], requestBody, responses = {} } = operation
  const body = schemaOf(requestBody)
  const lines = parameters.map(
    (one) =>
      `<dt><code>${text(one.name)}</code> <span class="quiet">${one.in}${one.required ? '' : ', optional'}</span></dt>
<dd><code>${typeOf(one.schema ?? {}, '')}</code> ${prose(one.description ?? one.schema?.description)}</dd>`,
  )
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, answer]) => {
      const schema = schemaOf(answer)
      return `<dt>Answer ${status}</dt><dd>${schema ? `<code>${typeOf(schema, '')}</code>` : prose(answer.description)}</dd>`
    })
  return `<article id="operation-${text(operationId)}"><h3><code><span class="method">${method.toUpperCase()}</span> ${text(path)}</code></h3>
<p><strong>${prose(summary)}.</strong> ${prose(description)}</p><dl>${lines.join('')}
${body ? `<dt>Body</dt><dd>${schemaBlock(body)}</dd>` : ''}${answers.join('')}</dl></article>`
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return Object.values(content?.content ?? {})[0]?.schema
}

function schemaBlock(schema: Schema): string {
  const about = schema.description ? `<p>${prose(schema.description)}</p>` : ''
  return `${about}<pre>${typeOf(schema, '')}</pre>`
}

/** A schema in the notation of TypeScript, with links to the named ones. */
function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `<a href="#${text(name)}">${text(name)}</a>`
  }
  if (schema.const !== undefined) return text(JSON.stringify(schema.const))
  if (schema.enum) return schema.enum.map((value) => text(JSON.stringify(value))).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, indent)).join(' |\n' + indent)
  if (schema.items) return `${typeOf(schema.items, indent)}[]`
  if (schema.properties) return objectOf(schema, indent)
  const values = schema.additionalProperties
  if (typeof values === 'object') return `{ [name: string]: ${typeOf(values, indent)} }`
  return text([schema.type ?? 'any'].flat().join(' | '))
}

function objectOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, property]) => {
    const note =
      property.description && !property.$ref
        ? ` <span class="quiet">// ${prose(property.description)}</span>`
        : ''
    return `${inner}${text(name)}${required.includes(name) ? '' : '?'}: ${typeOf(property, inner)}${note}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

/** Text in which backquotes mark code. */
function prose(words = ''): string {
  return text(words).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
