// A carer is sick: taken off the list, and the day planned anew.
import { useState } from 'preact/hooks';
import { clockAt, type DayPlan } from '../model/day';
import { WallTime } from '../panel/walltime';
import { list } from '../state';
import { words } from '../words';
import { propose } from './proposal';

/** What was pinned to somebody is no longer, but keeps its time. */
const unpinned = (carer: string): object[] => (list.value?.visits ?? [])
  .filter((visit) => visit.pinned?.carer === carer)
  .map(({ id, pinned }) => ({ id, pinned: pinned?.start === undefined ? null : { start: pinned.start } }));

export function Sick({ day, close }: { day: DayPlan; close: () => void }) {
  const w = words.value;
  const [carer, setCarer] = useState(day.lanes[0]?.carer ?? '');
  const [now, setNow] = useState(clockAt(day));
  const [most, setMost] = useState('');
  return (
    <form class="dialog" aria-labelledby="sick-title" onKeyDown={(event) => { if (event.key === 'Escape') close(); }}
      onSubmit={(event) => {
        event.preventDefault();
        close();
        void propose(w.isSick(carer), { visits: unpinned(carer), remove: { carers: [carer] } }, now, most === '' ? undefined : Number(most));
      }}>
      <h2 id="sick-title">{w.sick}</h2>
      <p>{w.sickLead}</p>
      <div class="fields">
        <label>{w.carer}
          <select value={carer} onChange={(event) => setCarer(event.currentTarget.value)}>
            {day.lanes.map((lane) => <option key={lane.carer} value={lane.carer}>{lane.carer} · {w.visits(lane.visits.length)}</option>)}
          </select>
        </label>
        <WallTime label={w.clockNow} value={now} change={setNow} />
        <label>{w.mostChanges}
          <input type="number" min={0} max={999} value={most} placeholder={w.noLimit} onInput={(event) => setMost(event.currentTarget.value)} />
        </label>
      </div>
      <div class="bar">
        <button type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary">{w.replan}</button>
        <button type="button" class="plain" onClick={close}>{w.cancel}</button>
      </div>
    </form>
  );
}
