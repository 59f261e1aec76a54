import { queryString } from '@whence/api-client';
import { type FormEvent, useState } from 'react';
import { server } from '../data/server';
import { Mark } from './Mark';

interface Props {
  oidc: boolean;
  onSignedIn: () => void;
}

/** Takes a token, for which the server begins a session. */
export function SignIn({ oidc, onSignedIn }: Props) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    server.signIn(token.trim()).then(onSignedIn, (error: Error) => setProblem(error.message));
  };
  return (
    <main className="sign-in">
      <Mark />
      <h1>Sign in</h1>
      <p>This server wants to know who asks.</p>
      {oidc && (
        <a
          className="button primary"
          href={`/api/v1/oidc/login${queryString({ next: location.pathname + location.search })}`}
        >
          Sign in with your organisation
        </a>
      )}
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="wh_…"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-describedby="token-help"
          required
        />
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className={oidc ? '' : 'primary'}>
          Sign in
        </button>
      </form>
      <p id="token-help" className="faint">
        Who runs the server makes one: <code>whence token create NAME --project PROJECT</code>. The
        page keeps it in a cookie that scripts cannot read.
      </p>
    </main>
  );
}
