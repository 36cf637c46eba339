import { useEffect, useState } from 'react'
import type { Voicemail } from '../../api/contract/index.ts'
import { handleVoicemail } from '../actions/handle-voicemail.ts'
import { fetchVoicemail, Refused } from '../connection/http.ts'
import { duration, party, phoneNumber } from '../state/words.ts'
import { ActionButton } from './action-button.tsx'
import { useDesk, useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'

/** Messages that callers left, latest first; those that somebody took care of below. */
export function Voicemails() {
  const { voicemails } = useDesk()
  const open = voicemails?.filter((one) => !one.handled) ?? []
  const handled = voicemails?.filter((one) => one.handled) ?? []
  return (
    <section className="panel" aria-labelledby="voicemails-title">
      <div className="panel-head">
        <h1 id="voicemails-title">Voicemail</h1>
      </div>
      {!voicemails && <p className="hint">Reading …</p>}
      {voicemails && open.length === 0 && <p className="hint">No message waits for anybody.</p>}
      <ul className="voicemails">
        {open.map((voicemail) => (
          <Message key={voicemail.id} voicemail={voicemail} />
        ))}
      </ul>
      {handled.length > 0 && (
        <details>
          <summary>Handled ({handled.length})</summary>
          <ul className="voicemails">
            {handled.map((voicemail) => (
              <Message key={voicemail.id} voicemail={voicemail} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function Message({ voicemail }: { readonly voicemail: Voicemail }) {
  const store = useStore()
  const { session } = useDesk()
  const { id, from, customer, leftAt, durationMs, heard, handled } = voicemail
  return (
    <li>
      <Icon name="voicemail" />
      <div className="voicemail-text">
        <p>
          {customer ? (
            <button
              type="button"
              className="button link"
              onClick={() => store.dispatch({ type: 'show', view: { name: 'customer', id: customer.id } })}
            >
              {customer.name}
            </button>
          ) : (
            <strong>{party(from)}</strong>
          )}
          {customer && from.number !== undefined && <span> {phoneNumber(from.number)}</span>}
        </p>
        <p className="hint">
          {times.format(leftAt)} · {duration(durationMs)}
          {heard && ` · heard by ${heard.by.id === session?.user.id ? 'you' : heard.by.name}`}
          {handled && ` · handled by ${handled.by.id === session?.user.id ? 'you' : handled.by.name}`}
        </p>
      </div>
      <Player id={id} />
      {session?.user.role !== 'integration' && !handled && (
        <ActionButton action={handleVoicemail(id)} icon="done" />
      )}
    </li>
  )
}

/** The audio is fetched with the token when it is asked for: an address alone does not play it. */
function Player({ id }: { readonly id: string }) {
  const store = useStore()
  const { session } = useDesk()
  const [source, setSource] = useState<string>()
  const token = session?.token

  useEffect(() => (source === undefined ? undefined : () => URL.revokeObjectURL(source)), [source])

  const load = async (): Promise<void> => {
    if (token === undefined) return
    try {
      setSource(URL.createObjectURL(await fetchVoicemail(id, token)))
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      const { detail, remedy } = thrown.trouble
      const notice = { kind: 'problem', text: detail, ...(remedy !== undefined && { remedy }) } as const
      store.dispatch({ type: 'tell', notice })
    }
  }

  if (source !== undefined) return <audio src={source} controls autoPlay aria-label="Message" />
  return (
    <button type="button" className="button plain" onClick={() => void load()}>
      <Icon name="right" /> <span>Play</span>
    </button>
  )
}
