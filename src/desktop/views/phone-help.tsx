import { useDesk } from './desk-context.ts'
import { Icon } from './icons.tsx'

/** Calls come to a SIP phone: how to register one. */
export function PhoneHelp() {
  const { me, center, session } = useDesk()
  if (!me || !session) return null
  const isFailed = me.device === 'failed'
  return (
    <section className="phone-help" aria-label="Your phone">
      <h2>
        <Icon name="warning" /> {isFailed ? 'Your phone failed' : 'No phone registered'}
      </h2>
      <p>
        {isFailed
          ? 'It could not be rung. Check it, then go available: it is tried again.'
          : 'No call reaches you until a SIP phone is registered with:'}
      </p>
      {center && (
        <dl>
          <dt>Server</dt>
          <dd>
            <code>
              {center.sip.host}:{center.sip.port}
            </code>
          </dd>
          <dt>User</dt>
          <dd>
            <code>{session.user.username}</code>
          </dd>
          <dt>Password</dt>
          <dd>the one you sign in with</dd>
          <dt>Transport</dt>
          <dd>UDP or TCP</dd>
        </dl>
      )}
    </section>
  )
}
