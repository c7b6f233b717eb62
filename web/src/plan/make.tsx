// Which list, weighed how, searched how long.
import { useEffect, useState } from 'preact/hooks';
import { limits, profiles } from '../api/service';
import type { Limits } from '../api/contract';
import { lists, shift, tried } from '../state';
import { moment, words } from '../words';
import { begin } from './watch';

const SECONDS = [10, 30, 60, 120, 300];

export function MakePlan({ day, close }: { day: string; close: () => void }) {
  const w = words.value;
  const newest = lists.value.at(-1)?.id ?? '';
  const [list, setList] = useState(newest);
  const [profile, setProfile] = useState('standard');
  const [seconds, setSeconds] = useState(10);
  const [known, setKnown] = useState<Limits | null>(null);
  const [names, setNames] = useState(['standard']);
  useEffect(() => {
    void tried(async () => {
      setKnown(await limits());
      const known = await profiles();
      setNames([...new Set(known.profiles.map(({ name }) => name))]);
      setProfile(known.usual);
    });
    document.getElementById('plan-start')?.focus();
  }, [day]);
  const start = (event: Event): void => {
    event.preventDefault();
    close();
    void tried(() => begin({ list, shift: shift.value, profile, seconds }));
  };
  return (
    <form class="dialog" aria-labelledby="make-title" onSubmit={start}
      onKeyDown={(event) => { if (event.key === 'Escape') close(); }}>
      <h2 id="make-title">{w.makePlan}</h2>
      <p>{w.makePlanLead}</p>
      <div class="fields">
        <label>{w.list}
          <select value={list} onChange={(event) => setList(event.currentTarget.value)}>
            {lists.value.toReversed().map((one) => (
              <option key={one.id} value={one.id}>{w.listVersion(one.version, moment(one.received))}</option>
            ))}
          </select>
        </label>
        <label>{w.profile}
          <select value={profile} onChange={(event) => setProfile(event.currentTarget.value)}>
            {names.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
        <label>{w.searchTime}
          <select value={seconds} onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
            {SECONDS.filter((one) => one <= (known?.searchSeconds ?? 300)).map((one) => (
              <option key={one} value={one}>{w.seconds(one)}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="bar">
        <button id="plan-start" type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary">{w.start}</button>
        <button type="button" class="plain" onClick={close}>{w.cancel}</button>
      </div>
    </form>
  );
}
