// Which plan is on the screen, and what can be done with it; while one is made, how it gets better.
import { useState } from 'preact/hooks';
import type { PlanRow } from '../api/contract';
import { may, planId, planRow, plans, published, show, tried } from '../state';
import { moment, words } from '../words';
import { MakePlan } from '../plan/make';
import { Publication } from '../plan/publish';
import { Watch, watched } from '../plan/watch';
import { address } from '../route';

export function PlanBar({ day }: { day: string }) {
  const w = words.value;
  const [open, setOpen] = useState<'make' | null>(null);
  const done = plans.value.filter((row) => row.state === 'done');
  const row = planRow.value;
  return (
    <section class="plan-bar" aria-label={w.plan}>
      <div class="bar">
        {done.length > 0 && (
          <label class="choice">
            <span>{w.plan}</span>
            <select value={planId.value ?? ''} onChange={(event) => void tried(() => show(event.currentTarget.value))}>
              {done.toReversed().map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
            </select>
          </label>
        )}
        {row?.stale === true && <span class="badge warn" title={w.staleLead}>{w.stale}</span>}
        <span class="spring" />
        <Publication day={day} />
        {planId.value !== null && may('worklists:read') && (
          <a class="pkt-btn pkt-btn--small pkt-btn--tertiary" href={address({ at: 'lists', plan: planId.value })}>{w.workLists}</a>
        )}
        {may('plans:run') && (
          <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" aria-expanded={open === 'make'}
            onClick={() => setOpen(open === 'make' ? null : 'make')}>{w.makePlan}</button>
        )}
      </div>
      {open === 'make' && <MakePlan day={day} close={() => setOpen(null)} />}
      {watched.value !== null && <Watch />}
    </section>
  );
}

/** A plan by when it was made and how. */
export function nameOf(row: PlanRow): string {
  const w = words.value;
  const parts = [
    moment(row.finished ?? row.created),
    row.byHand === true ? w.byHand : row.from !== undefined ? w.replanned : row.seconds <= 1 ? w.draft : w.seconds(row.seconds),
    row.profile === 'standard' ? '' : row.profile,
    published.value?.told.plan === row.id ? w.isPublished.toLowerCase() : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
