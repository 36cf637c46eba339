import { type FormEvent, useState } from 'react'
import { useDesk, useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'

const LAST_USER = 'switchroom.user'

export function SignIn() {
  const { sessionEnded, signInProblem, requests } = useDesk()
  const store = useStore()
  const [username, setUsername] = useState(() => sessionStorage.getItem(LAST_USER) ?? '')
  const [password, setPassword] = useState('')
  const isAsking = requests['sign-in'] === 'asked'

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    sessionStorage.setItem(LAST_USER, username)
    store.ask({ name: 'sign-in', username: username.trim(), password })
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit} aria-labelledby="sign-in-title">
        <div className="brand large">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="40" height="40" />
          <div>
            <h1 id="sign-in-title">Switchroom</h1>
            <p>Agent desk</p>
          </div>
        </div>
        {sessionEnded !== undefined && (
          <p className="banner quiet" role="status">
            <Icon name="info" /> {sessionEnded}
          </p>
        )}
        <label>
          User name
          <input
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus={username === ''}
            value={username}
            onChange={({ target }) => setUsername(target.value)}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus={username !== ''}
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        </label>
        {signInProblem !== undefined && !isAsking && (
          <p className="banner problem" role="alert">
            <Icon name="warning" /> {signInProblem}
          </p>
        )}
        <button type="submit" className="button main wide" disabled={isAsking}>
          <span>{isAsking ? 'Signing in …' : 'Sign in'}</span>
        </button>
      </form>
    </main>
  )
}
