// A new visit: where it would fit, best first, as the service has tried it; taken in, the day is planned
// anew around it with as few changes as can be.
import { useState } from 'preact/hooks';
import type { Fit } from '../api/contract';
import * as service from '../api/service';
import { clock, minutesOf } from '../model/clock';
import { clockAt, type DayPlan } from '../model/day';
import { WallTime } from '../panel/walltime';
import { list, planId, tried } from '../state';
import { said, signed, words } from '../words';
import { propose } from './proposal';

export function NewVisit({ day, close }: { day: DayPlan; close: () => void }) {
  const w = words.value;
  const patients = list.value?.patients ?? [];
  const [patient, setPatient] = useState(patients[0]?.ref ?? '');
  const [minutes, setMinutes] = useState(20);
  const [earliest, setEarliest] = useState('10:00');
  const [latest, setLatest] = useState('12:00');
  const [found, setFound] = useState<Fit[] | null>(null);
  const taken = new Set(list.value?.visits.map((visit) => visit.id));
  const id = Array.from({ length: 1000 }, (_, index) => `n${String(index + 1).padStart(3, '0')}`).find((one) => !taken.has(one)) ?? 'n';
  const visit = (): object => ({
    id, patient, durationMinutes: minutes, window: { earliestStart: earliest, latestStart: latest }, criticality: 'normal', carers: 1,
    service: { system: '9151', code: '15' }, status: 'planned',
  });
  const look = (event: Event): void => {
    event.preventDefault();
    const plan = planId.value;
    if (plan !== null) void tried(async () => setFound(await service.suggest(plan, visit())));
  };
  const take = (suggestion: Fit): void => {
    close();
    void propose(w.isNew(patient), { visits: [{ ...visit(), pinned: { carer: suggestion.seats[0]?.carer } }] }, clockAt(day));
  };
  return (
    <form class="dialog" aria-labelledby="new-title" onSubmit={look} onKeyDown={(event) => { if (event.key === 'Escape') close(); }}>
      <h2 id="new-title">{w.newVisit}</h2>
      <p>{w.newVisitLead}</p>
      <div class="fields">
        <label>{w.patient}
          <select value={patient} onChange={(event) => setPatient(event.currentTarget.value)}>
            {patients.map(({ ref }) => <option key={ref} value={ref}>{ref}</option>)}
          </select>
        </label>
        <label>{w.minutesLong}
          <input type="number" min={5} max={240} step={5} required value={minutes} onInput={(event) => setMinutes(Number(event.currentTarget.value))} />
        </label>
        <WallTime label={w.earliest} value={earliest} change={setEarliest} />
        <WallTime label={w.latest} value={latest} change={setLatest} />
      </div>
      {found !== null && (found.length === 0 ? <p role="status">{w.noSuggestions}</p> : (
        <ol class="suggestions" aria-live="polite">
          {found.map((one, index) => (
            <li key={index}>
              <b>{one.seats.map((seat) => `${clock(minutesOf(day.day, seat.start))} ${seat.carer}`).join(', ')}</b>
              <span>{signed(one.difference.cost)}</span>
              <span>{said(one.difference)}. {one.moved.length > 0 && w.alsoMoves(one.moved.length)}</span>
              <button type="button" class="plain" onClick={() => take(one)}>{w.takeHere}</button>
            </li>
          ))}
        </ol>
      ))}
      <div class="bar">
        <button type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary">{w.suggest}</button>
        <button type="button" class="plain" onClick={close}>{w.cancel}</button>
      </div>
    </form>
  );
}
