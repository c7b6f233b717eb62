// A time on the wall, written as Norwegians write it, whatever language the browser has: its own field for
// times follows that and not the page.
import { words } from '../words';

interface Field { label: string; value: string; change: (time: string) => void }

export function WallTime({ label, value, change }: Field) {
  return (
    <label>{label}
      <input type="text" class="wall-time" inputMode="numeric" required pattern="([01]?[0-9]|2[0-3]):[0-5][0-9]" maxLength={5} value={value}
        placeholder="08:00" title={words.value.timeHelp} onInput={(event) => change(event.currentTarget.value)}
        onBlur={(event) => { if (/^\d:/.test(event.currentTarget.value)) change(`0${event.currentTarget.value}`); }} />
    </label>
  );
}
