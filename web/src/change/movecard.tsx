// What the move that is looked at costs and breaks, with the same choices as drag and keyboard have.
import { startOf, type DayPlan } from '../model/day';
import { said, signed, words } from '../words';
import { acceptMove, indexAt, moveTo, moving, others, stopMoving } from './move';

export function MoveCard({ day }: { day: DayPlan }) {
  const w = words.value;
  const at = moving.value;
  if (at === null) return null;
  const lane = day.lanes.find((one) => one.carer === at.carer);
  const places = lane === undefined ? [] : others(lane, at.visit);
  const { answer } = at;
  return (
    <section class={`move-card${at.isRefused ? ' refused' : ''}`} aria-labelledby="moving" aria-busy={at.isWanted}>
      <h2 id="moving">{w.moving(at.patient)}</h2>
      <div class="bar">
        <label class="choice">{w.carer}
          <select value={at.carer} onChange={(event) => {
            const carer = event.currentTarget.value;
            const next = day.lanes.find((one) => one.carer === carer);
            if (next !== undefined) moveTo(day, carer, indexAt(next, at.visit, startOf(day, at.visit)));
          }}>
            {day.lanes.map((one) => <option key={one.carer} value={one.carer}>{one.carer}</option>)}
          </select>
        </label>
        <label class="choice"><span class="for-ears">{w.move}</span>
          <select value={at.index} onChange={(event) => moveTo(day, at.carer, Number(event.currentTarget.value))}>
            {[null, ...places].map((visit, index) => (
              <option key={index} value={index}>{visit === null ? w.firstOn : w.afterPatient(visit.patient)}</option>
            ))}
          </select>
        </label>
        <output>{answer === null ? '…' : <><b>{signed(answer.difference.cost)}</b> · {answer.breaches.length === 0 ? w.breaksNothing : w.breaksRules(answer.breaches.length)}{at.isRefused && `. ${w.notMoved}`}</>}</output>
        <span class="spring" />
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" disabled={at.isWanted || answer === null || answer.breaches.length > 0}
          onClick={() => void acceptMove(day)}>{w.moveHere}</button>
        <button type="button" class="plain" onClick={stopMoving}>{w.cancel}</button>
      </div>
      {answer !== null && <p>{said(answer.difference)}.{answer.moved.length > 1 && ` ${w.alsoMoves(answer.moved.length - 1)}`}</p>}
      {answer !== null && answer.breaches.length > 0 && (
        <ul>{answer.breaches.slice(0, 4).map((breach, index) => <li key={index}><b>{breach.carer ?? breach.visit}</b> {said(breach)}</li>)}</ul>
      )}
    </section>
  );
}
