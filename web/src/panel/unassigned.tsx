// Those that are on nobody's list: which rule keeps whom away, and what would let them in.
import { usualMinutes, windowsTold, type DayPlan } from '../model/day';
import { chosen } from '../state';
import { number, said, words } from '../words';

export function Unassigned({ day }: { day: DayPlan }) {
  const w = words.value;
  return (
    <section class="unassigned" aria-labelledby="unassigned">
      <h2 id="unassigned">{w.unassigned} <span class="count">{day.left.length}</span></h2>
      {day.left.length === 0 ? <p class="quiet">{w.unassignedNone}</p> : (
        <ul>
          {day.left.map(({ id, patient, visit, windows, told }) => (
              <li key={id} data-left={id} class={chosen.value === id ? 'asked' : ''}>
                <button type="button" class="plain link" aria-pressed={chosen.value === id} onClick={() => { chosen.value = id; }}>
                  <b>{patient || id}</b>
                  <span>{w.criticalities[visit?.criticality ?? 'normal']}</span>
                  {visit !== undefined && <span>{w.minutes(number(usualMinutes(visit)))}</span>}
                  <span>{windowsTold(windows)}</span>
                </button>
                <p>{said(told.reason)}</p>
              </li>
          ))}
        </ul>
      )}
      {day.idle.length > 0 && <p class="quiet">{w.notSentOut}: {day.idle.join(', ')}</p>}
    </section>
  );
}
