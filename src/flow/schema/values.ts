import { type Static, Type } from 'typebox'

/**
 * The small values of flow files. A `title` says what is expected: editors show it, and so do our messages
 * when something else is found.
 */

/** Defaults of keys that may be left out: used by the schema's text and by the compiler alike. */
export const defaults = {
  timeout: '5s',
  digitTimeout: '3s',
  attempts: 3,
  minDigits: 1,
  maxDigits: 20,
  terminator: '#',
  lookUpTimeout: '3s',
  priority: 5,
  maxLength: '3m',
  minLength: '1s',
  silence: '5s',
  ringTime: '30s',
  announceFirst: '0s',
  comfortFirst: '30s',
  every: '1m',
  positionLimit: 20,
  waitLimit: '1h',
  callbackAbove: '0s',
  callbackMode: 'agent-first',
  callbackMinDigits: 7,
  callbackMaxDigits: 15,
} as const

const namePattern = '^[a-z][a-z0-9-]{0,39}$'
const languagePattern = '^[a-z]{2,3}(-[A-Z]{2})?$'

/** An object that allows only these keys. */
export const closed = { additionalProperties: false } as const

export const exit = (description: string) =>
  Type.String({ pattern: '^[a-z][A-Za-z0-9_-]{0,59}$', title: 'the id of a node', description })

export const optionalExit = (description: string) => Type.Optional(exit(description))

export const name = (description: string) =>
  Type.String({
    pattern: namePattern,
    title: 'a name of lower-case letters, digits and -, at most 40, beginning with a letter',
    description,
  })

export const language = (description: string) =>
  Type.String({ pattern: languagePattern, title: 'a language tag such as en or es-MX', description })

export const duration = (description: string, fallback?: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,6}(ms|s|m|h)$',
      title: 'a duration such as 500ms, 5s, 2m or 1h',
      description,
      ...(fallback !== undefined && { default: fallback }),
    }),
  )

export const flag = (description: string, fallback: boolean) =>
  Type.Optional(Type.Boolean({ description, default: fallback, title: 'true or false' }))

export const whole = (minimum: number, maximum: number, description: string, fallback?: number) =>
  Type.Optional(
    Type.Integer({
      minimum,
      maximum,
      title: `a whole number from ${minimum} to ${maximum}`,
      description,
      ...(fallback !== undefined && { default: fallback }),
    }),
  )

/** Text that may hold `${...}`. */
export const text = (description: string) =>
  Type.String({ minLength: 1, maxLength: 2000, title: 'text, which may hold ${expressions}', description })

/** A number, or text that is one expression. */
export const numeric = (minimum: number, maximum: number, description: string, fallback?: number) =>
  Type.Unsafe<number | string>({
    type: ['integer', 'string'],
    minimum,
    maximum,
    minLength: 1,
    title: `a whole number from ${minimum} to ${maximum}, or an \${expression}`,
    description,
    ...(fallback !== undefined && { default: fallback }),
  })

/** A plain value, or text that may hold `${...}`. */
export const anyValue = (description: string) =>
  Type.Unsafe<string | number | boolean>({
    type: ['string', 'number', 'boolean'],
    title: 'text, a number, true or false',
    description,
  })

/** Keys of the telephone -> node. */
export const keys = (pattern: string, title: string, description: string) =>
  Type.Record(Type.String({ pattern }), exit('The node that this key leads to.'), {
    ...closed,
    minProperties: 1,
    title,
    description,
  })

const promptItem = Type.Object(
  {
    audio: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9/-]{0,79}$',
        title: 'the name of an audio file: lower-case letters, digits, - and /, without .wav',
        description: "An audio file of the center's media/prompts/<language>/, by its name without .wav.",
      }),
    ),
    say: Type.Optional(
      Type.Unsafe<string | Record<string, string>>({
        type: ['string', 'object'],
        minLength: 1,
        maxLength: 2000,
        patternProperties: {
          [languagePattern]: { type: 'string', minLength: 1, maxLength: 2000, title: 'text' },
        },
        additionalProperties: false,
        minProperties: 1,
        title: 'text, or one text per language such as { en: ..., es: ... }',
        description: 'Text to speech: one text, or one per language. May hold ${expressions}.',
      }),
    ),
    digits: Type.Optional(
      Type.Unsafe<string | number>({
        type: ['string', 'integer'],
        title: 'digits, or text that holds ${expressions}',
        description: 'Read digit by digit. What is not 0-9, * or # is left out.',
      }),
    ),
    number: Type.Optional(numeric(0, 999999, 'Read as a number, 0 to 999999.')),
    duration: Type.Optional(
      numeric(
        0,
        359999,
        'Read as a length of time: seconds, 0 to 359999, said in hours, minutes and seconds.',
      ),
    ),
    language: Type.Optional(
      language("Speaks this piece in this language, whatever the caller's language is."),
    ),
  },
  {
    ...closed,
    oneOf: [
      { required: ['audio'] },
      { required: ['say'] },
      { required: ['digits'] },
      { required: ['number'] },
      { required: ['duration'] },
    ],
    title: 'one of audio, say, digits, number, duration',
    description: 'One piece of a prompt: audio, say, digits, number or duration.',
  },
)
export type RawPromptItem = Static<typeof promptItem>

/** The definitions that the schemas point to. */
export const definitions = {
  prompt: {
    description: 'What is played: one piece, or a list of pieces played one after the other.',
    title: 'a piece such as { audio: welcome }, or a list of them',
    type: ['object', 'array'],
    if: { type: 'array' },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of JSON Schema
    then: { minItems: 1, maxItems: 50, items: { $ref: '#/$defs/promptItem' } },
    else: { $ref: '#/$defs/promptItem' },
  },
  promptItem,
}

export const prompt = (description: string) =>
  Type.Unsafe<RawPromptItem | RawPromptItem[]>({ $ref: '#/$defs/prompt', description })
