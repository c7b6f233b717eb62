// Shows a token once, to get a session for the day.
import { useState } from 'preact/hooks';
import { logIn } from '../api/service';
import { Problem } from '../api/http';
import { session } from '../state';
import { words } from '../words';

export function LogIn() {
  const w = words.value;
  const [token, setToken] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [isBusy, setBusy] = useState(false);
  async function show(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      session.value = await logIn(token.trim());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWrong(true);
    }
    setBusy(false);
  }
  return (
    <form class="login" onSubmit={(event) => void show(event)}>
      <h1>{w.logIn}</h1>
      <p>{w.logInLead}</p>
      <label for="token">{w.token}</label>
      <input id="token" class="pkt-input pkt-input--fullwidth" type="password" autocomplete="current-password" required
        value={token} aria-invalid={isWrong} aria-describedby={isWrong ? 'token-wrong' : undefined}
        onInput={(event) => { setToken(event.currentTarget.value); setWrong(false); }} />
      {isWrong && <p id="token-wrong" class="wrong" role="alert">{w.tokenWrong}</p>}
      <button type="submit" class="pkt-btn pkt-btn--medium pkt-btn--primary" disabled={isBusy}>{w.logIn}</button>
    </form>
  );
}
