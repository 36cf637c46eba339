import { useEffect } from 'react'
import type { Notice } from '../state/desk-state.ts'
import { useDesk, useStore } from './desk-context.ts'
import { Icon, type IconName } from './icons.tsx'

const PASSING_MS = 7000

const icons: Readonly<Record<Notice['kind'], IconName>> = {
  quiet: 'info',
  done: 'done',
  missed: 'warning',
  problem: 'warning',
}

/** What the agent is told: some of it passes, what matters stays until it is dismissed. */
export function Notices() {
  const { notices } = useDesk()
  return (
    <div className="notices" role="log" aria-label="Notices">
      {notices.map((notice) => (
        <Told key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function Told({ notice }: { readonly notice: Notice }) {
  const store = useStore()
  const { id, kind, text, remedy, kept, stays } = notice

  useEffect(() => {
    if (stays) return undefined
    const timer = setTimeout(() => store.dispatch({ type: 'dismiss', notice: id }), PASSING_MS)
    return () => clearTimeout(timer)
  }, [id, stays, store])

  return (
    <div className="notice" data-kind={kind} role={kind === 'problem' ? 'alert' : undefined}>
      <Icon name={icons[kind]} />
      <div>
        <p>{text}</p>
        {remedy !== undefined && <p className="hint">{remedy}</p>}
        {kept !== undefined && (
          <>
            <blockquote>{kept}</blockquote>
            <button
              type="button"
              className="button plain small"
              onClick={() => void navigator.clipboard.writeText(kept)}
            >
              Copy the notes
            </button>
          </>
        )}
      </div>
      <button
        type="button"
        className="button plain small"
        aria-label="Dismiss"
        title="Dismiss"
        onClick={() => store.dispatch({ type: 'dismiss', notice: id })}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
