import type {
  Center,
  Customer,
  CustomerChange,
  CustomerList,
  Explanation,
  Me,
  NewCustomer,
  NewSession,
  Timeline,
  Voicemail,
  VoicemailList,
} from '../../api/contract/index.ts'

/** Everything that the desk asks of the server: what it says, and what comes back. */
interface Vocabulary {
  'sign-in': { asks: { username: string; password: string }; answer: NewSession }
  'sign-out': { asks: object; answer: undefined }
  'read-center': { asks: object; answer: Center }
  'go-available': { asks: { restoring?: true }; answer: Me }
  pause: { asks: { reason: string; restoring?: true }; answer: Me }
  'leave-floor': { asks: { signOut?: true }; answer: Me }
  'take-offer': { asks: { offer: string }; answer: undefined }
  'reject-offer': { asks: { offer: string }; answer: undefined }
  'explain-offer': { asks: { offer: string }; answer: Explanation }
  'hang-up': { asks: { contact: string }; answer: undefined }
  'finish-wrap-up': {
    asks: { contact: string; disposition: string; notes: string }
    answer: undefined
  }
  'set-customer': { asks: { contact: string; customer: string }; answer: undefined }
  'read-customer': { asks: { id: string }; answer: Customer }
  'find-customers': { asks: { query: string }; answer: CustomerList }
  'create-customer': { asks: { draft: string; customer: NewCustomer; contact?: string }; answer: Customer }
  'change-customer': { asks: { id: string; change: CustomerChange }; answer: Customer }
  'read-timeline': { asks: { customer: string; before?: string }; answer: Timeline }
  'list-voicemails': { asks: object; answer: VoicemailList }
  'handle-voicemail': { asks: { id: string }; answer: Voicemail }
}

export type RequestName = keyof Vocabulary
export type RequestOf<Name extends RequestName> = { readonly name: Name } & Readonly<Vocabulary[Name]['asks']>
export type Request = { [Name in RequestName]: RequestOf<Name> }[RequestName]

/** A request that was done, with its answer. */
export type Answered = {
  [Name in RequestName]: {
    readonly type: 'answered'
    readonly name: Name
    readonly request: RequestOf<Name>
    readonly answer: Vocabulary[Name]['answer']
  }
}[RequestName]

/** What identifies a request while it is under way: the same one is not sent twice at a time. */
export function keyOf(request: Request): string {
  switch (request.name) {
    case 'read-customer':
      return `customer:${request.id}`
    case 'find-customers':
      return `search:${request.query}`
    case 'read-timeline':
      return `timeline:${request.customer}${request.before === undefined ? '' : `:${request.before}`}`
    case 'explain-offer':
      return `why:${request.offer}`
    case 'change-customer':
      return `save:${request.id}`
    case 'create-customer':
      return `save:${request.draft}`
    case 'finish-wrap-up':
      return `finish:${request.contact}`
    case 'handle-voicemail':
      return `voicemail:${request.id}`
    default:
      return request.name
  }
}
