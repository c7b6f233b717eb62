// The visit that is asked about: when, how one gets there, and why.
import type { ComponentChildren } from 'preact';
import { clockAt, windowsTold, type DayPlan } from '../model/day';
import { clock } from '../model/clock';
import { startMove } from '../change/move';
import { propose } from '../change/proposal';
import { chosen, chosenLeft, may } from '../state';
import { number, said, words } from '../words';
import { Why } from './why';

export function VisitPanel({ day }: { day: DayPlan }) {
  const w = words.value;
  const places = chosen.value === null ? [] : day.where.get(chosen.value) ?? [];
  const left = chosenLeft.value;
  const first = places[0];
  if (first === undefined && left === null) return <p class="quiet panel">{w.noVisitChosen}</p>;
  return (
    <section class="panel" aria-labelledby="visit-title">
      <header>
        <h2 id="visit-title">{first?.visit.patient ?? left?.patient}</h2>
        <button type="button" class="plain" onClick={() => { chosen.value = null; }}>{w.close}</button>
      </header>
      {places.map(({ lane, visit }) => (
        <dl key={lane.carer} class="facts">
          <Fact term={w.carer}>{lane.carer}, {w.modes[lane.mode]}</Fact>
          <Fact term={w.arrives}>{clock(visit.arrive)}</Fact>
          <Fact term={w.startsAt}>{clock(visit.start)}{visit.late >= 0.5 && <b class="wrong"> {w.lateBy(number(visit.late))}</b>}</Fact>
          <Fact term={w.endsAt}>{clock(visit.end)}</Fact>
          <Fact term={w.window}>{windowsTold(visit.windows)}</Fact>
          <Fact term={w.wayThere}>{w.wayFigures(number(visit.travel.minutes), number(visit.travel.metres / 1000, 1))}</Fact>
          <Fact term={w.criticality}>{w.criticalities[visit.criticality]}</Fact>
          {visit.skills.length > 0 && <Fact term={w.skills}>{visit.skills.join(', ')}</Fact>}
          {visit.together.length > 0 && <Fact term={w.doubles}>{w.together(visit.together.join(', '))}</Fact>}
        </dl>
      ))}
      {may('plans:run') && <Acts day={day} id={first?.visit.id ?? left?.id ?? ''} patient={first?.visit.patient ?? left?.patient ?? ''}
        carer={first?.lane.carer ?? null} isPinned={first?.visit.pinned ?? false} />}
      {left !== null && (
        <div class="reason">
          <h3>{w.why}</h3>
          <p>{said(left.told.reason)}</p>
          <ul>{left.told.reason.ruledOut.map(({ rule, carers }) => (
            <li key={rule}>{w.ruledOut(w.rules[rule] ?? rule, carers.join(', '))}</li>
          ))}</ul>
        </div>
      )}
      <Why day={day} visit={first?.visit.id ?? left?.id ?? ''} patient={first?.visit.patient ?? left?.patient ?? ''} />
    </section>
  );
}

interface Subject { day: DayPlan; id: string; patient: string; carer: string | null; isPinned: boolean }

/** What can be done with a visit. */
function Acts({ day, id, patient, carer, isPinned }: Subject) {
  const w = words.value;
  const pin = (to: { carer: string } | null): void =>
    void propose(`${to === null ? w.unpin : w.pin}: ${patient}`, { visits: [{ id, pinned: to }] }, clockAt(day));
  return (
    <div class="bar acts">
      <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" onClick={() => startMove(day, id, patient, carer)}>{w.move}</button>
      {isPinned
        ? <button type="button" class="plain" onClick={() => pin(null)}>{w.unpin}</button>
        : carer !== null && <button type="button" class="plain" onClick={() => pin({ carer })}>{w.pin}</button>}
    </div>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return <div><dt>{term}</dt><dd>{children}</dd></div>;
}
