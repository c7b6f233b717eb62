// The visit that is asked about: when, how one gets there, and why.
import type { ComponentChildren } from 'preact';
import type { DayPlan } from '../model/day';
import { clock } from '../model/clock';
import { chosen, chosenLeft } from '../state';
import { number, said, words } from '../words';

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
          {visit.window !== null && <Fact term={w.window}>{clock(visit.window.earliest)}–{clock(visit.window.latest)}</Fact>}
          <Fact term={w.wayThere}>{w.wayFigures(number(visit.travel.minutes), number(visit.travel.metres / 1000, 1))}</Fact>
          <Fact term={w.criticality}>{w.criticalities[visit.criticality]}</Fact>
          {visit.skills.length > 0 && <Fact term={w.skills}>{visit.skills.join(', ')}</Fact>}
          {visit.together.length > 0 && <Fact term={w.doubles}>{w.together(visit.together.join(', '))}</Fact>}
        </dl>
      ))}
      {left !== null && (
        <div class="reason">
          <h3>{w.why}</h3>
          <p>{said(left.told.reason)}</p>
          <ul>{left.told.reason.ruledOut.map(({ rule, carers }) => (
            <li key={rule}>{w.ruledOut(w.rules[rule] ?? rule, carers.join(', '))}</li>
          ))}</ul>
        </div>
      )}
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return <div><dt>{term}</dt><dd>{children}</dd></div>;
}
