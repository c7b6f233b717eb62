// What a scheduler should look at first: who is left out, who is late, what was rejected, and what the
// service warns of. In that order, and no longer than a few lines until asked.
import { useState } from 'preact/hooks';
import type { Plan } from '../api/contract';
import type { DayPlan } from '../model/day';
import { chosen } from '../state';
import { number, said, words } from '../words';

interface Warning { key: string; text: string; visit?: string; weight: number }

const FEW = 3;

export function warningsOf(day: DayPlan, plan: Plan): Warning[] {
  const w = words.value;
  const rank = { 'time-critical': 0, important: 1, normal: 2, optional: 3 };
  const left = day.left.filter((one) => one.told.reason.code !== 'cancelled').map((one) => ({
    key: `left ${one.id}`, visit: one.id, text: `${w.leftOut(one.patient || one.id)}: ${said(one.told.reason)}`,
    weight: rank[one.visit?.criticality ?? 'normal'] * 100,
  }));
  const late = day.lanes.flatMap((lane) => lane.visits.filter((visit) => visit.late >= 0.5).map((visit) => ({
    key: `late ${visit.id} ${lane.carer}`, visit: visit.id,
    text: w.lateVisit(visit.patient, lane.carer, number(visit.late)), weight: rank[visit.criticality] * 100 + 50,
  })));
  const rejected = plan.rejected.map((one, index) => ({
    key: `rejected ${index}`, weight: 40,
    text: `${w.rejected}: ${one.visit ?? one.carer ?? one.patient ?? one.location ?? ''}. ${one.faults.map(said).join(' ')}`,
  }));
  const notices = plan.warnings.map((notice, index) => ({
    key: `notice ${index}`, text: [notice.visit ?? notice.carer, said(notice)].filter(Boolean).join(': '), weight: 400,
    ...(notice.visit === undefined ? {} : { visit: notice.visit }),
  }));
  return [...left, ...late, ...rejected, ...notices].sort((one, other) => one.weight - other.weight);
}

export function Warnings({ day, plan }: { day: DayPlan; plan: Plan }) {
  const w = words.value;
  const [isLong, setLong] = useState(false);
  const all = warningsOf(day, plan);
  if (all.length === 0) return <p class="note good">{w.allWell}</p>;
  return (
    <section class="note look" aria-labelledby="warnings">
      <h2 id="warnings">{w.warnings}<span class="count">{w.warningCount(all.length)}</span></h2>
      <ul>
        {(isLong ? all : all.slice(0, FEW)).map((one) => (
          <li key={one.key}>
            {one.visit === undefined ? one.text : (
              <button type="button" class="plain link" onClick={() => { chosen.value = one.visit ?? null; }}>{one.text}</button>
            )}
          </li>
        ))}
      </ul>
      {all.length > FEW && (
        <button type="button" class="plain" aria-expanded={isLong} onClick={() => setLong(!isLong)}>
          {isLong ? w.fewer : w.more(all.length - FEW)}
        </button>
      )}
    </section>
  );
}
