// What the settings do to the plan on the screen: what its lists weigh by them, part by part, beside what they
// weighed when it was made, and which rules would break. The service drives them anew and counts.
import { useEffect, useState } from 'preact/hooks';
import type { Plan, Weighing, Weights } from '../api/contract';
import * as service from '../api/service';
import { tried } from '../state';
import { number, said, words } from '../words';

/** So long after the last change it is asked, in milliseconds. */
const PAUSE = 350;
const FEW = 4;

const minutes = (tenths: number): string => number(tenths / 600, 1);

export function WeighingPanel({ id, plan, weights }: { id: string; plan: Plan; weights: Weights | null }) {
  const w = words.value;
  const [told, setTold] = useState<Weighing | null>(null);
  const asked = JSON.stringify(weights);
  useEffect(() => {
    if (weights === null) return undefined;
    let gone = false;
    const later = setTimeout(() => void tried(async () => {
      const answer = await service.weigh(id, weights);
      if (!gone) setTold(answer);
    }), PAUSE);
    return () => { gone = true; clearTimeout(later); };
  }, [id, asked]);
  const now = told?.score ?? null;
  const parts = Object.keys(plan.score.parts).filter((part) => (plan.score.parts[part] ?? 0) !== 0 || (now?.parts[part] ?? 0) !== 0);
  const line = (name: string, before: number, after: number | null) => (
    <tr key={name}>
      <th scope="row">{w.partNames[name] ?? name}</th>
      <td>{minutes(before)}</td>
      <td>{after === null ? '…' : after === before ? minutes(after) : <b>{minutes(after)}</b>}</td>
    </tr>
  );
  return (
    <section class="panel weighing" aria-labelledby="weighing" aria-busy={now === null}>
      <h2 id="weighing">{w.effect}</h2>
      <p class="quiet">{w.effectLead}</p>
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <caption class="for-ears">{w.effect}</caption>
        <thead><tr><th scope="col">{w.weightedMinutes}</th><th scope="col">{w.asMade}</th><th scope="col">{w.withThese}</th></tr></thead>
        <tbody>{parts.map((part) => line(part, plan.score.parts[part] ?? 0, now?.parts[part] ?? null))}</tbody>
        <tfoot>{line('total', plan.score.total, now?.total ?? null)}</tfoot>
      </table>
      <div aria-live="polite">
        {told !== null && (told.breaches.length === 0 ? <p class="quiet">{w.planWouldHold}</p> : (
          <>
            <p class="wrong"><b>{w.planWouldBreak(told.breaches.length)}</b></p>
            <ul class="breaches">{told.breaches.slice(0, FEW).map((breach, index) => (
              <li key={index}><b>{breach.visit ?? breach.carer}</b> {said(breach)}</li>
            ))}</ul>
          </>
        ))}
      </div>
    </section>
  );
}
