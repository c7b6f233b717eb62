// Which plan is on the screen, and what can be done with it; while one is made, how it gets better.
import { useEffect, useState } from 'preact/hooks';
import type { PlanRow } from '../api/contract';
import { canRedo, canUndo, redo, undo } from '../change/history';
import { NewVisit } from '../change/newvisit';
import { ProposalBox } from '../change/proposal';
import { Sick } from '../change/sick';
import { may, planId, planRow, plans, published, show, shown, tried } from '../state';
import { moment, words } from '../words';
import { MakePlan } from '../plan/make';
import { Publication } from '../plan/publish';
import { Watch, watched } from '../plan/watch';
import { address } from '../route';

export function PlanBar({ day }: { day: string }) {
  const w = words.value;
  const [open, setOpen] = useState<'make' | 'sick' | 'new' | null>(null);
  const toggle = (what: 'make' | 'sick' | 'new'): void => setOpen(open === what ? null : what);
  const close = (): void => setOpen(null);
  useEffect(() => {
    addEventListener('keydown', takeBack);
    return () => removeEventListener('keydown', takeBack);
  }, []);
  const done = plans.value.filter((row) => row.state === 'done');
  const row = planRow.value;
  const told = shown.value;
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
        {told !== null && may('plans:run') && (
          <span class="group" role="group" aria-label={w.changeThePlan}>
            <button type="button" class="plain" disabled={!canUndo.value} onClick={() => void undo()}>{w.undo}</button>
            <button type="button" class="plain" disabled={!canRedo.value} onClick={() => void redo()}>{w.redo}</button>
            <button type="button" class="plain" aria-expanded={open === 'new'} onClick={() => toggle('new')}>{w.newVisit}</button>
            <button type="button" class="plain" aria-expanded={open === 'sick'} onClick={() => toggle('sick')}>{w.sick}</button>
          </span>
        )}
        <span class="spring" />
        <Publication day={day} />
        {planId.value !== null && <a class="pkt-btn pkt-btn--small pkt-btn--tertiary" href={compareWith(planId.value, done)}>{w.compare}</a>}
        {planId.value !== null && may('worklists:read') && (
          <a class="pkt-btn pkt-btn--small pkt-btn--tertiary" href={address({ at: 'lists', plan: planId.value })}>{w.workLists}</a>
        )}
        {may('plans:run') && (
          <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" aria-expanded={open === 'make'}
            onClick={() => toggle('make')}>{w.makePlan}</button>
        )}
      </div>
      {open === 'make' && <MakePlan day={day} close={close} />}
      {open === 'sick' && told !== null && <Sick day={told} close={close} />}
      {open === 'new' && told !== null && <NewVisit day={told} close={close} />}
      <ProposalBox />
      {watched.value !== null && <Watch />}
    </section>
  );
}

/** Beside the newest of the other plans; the only one can be held beside one made by hand. */
function compareWith(plan: string, done: PlanRow[]): string {
  const other = done.findLast((one) => one.id !== plan);
  return address(other === undefined ? { at: 'byhand', plan } : { at: 'compare', plan: other.id, other: plan });
}

/** Ctrl-Z takes back and Ctrl-Shift-Z does again, but not where somebody writes. */
function takeBack(event: KeyboardEvent): void {
  const isWriting = event.target instanceof HTMLInputElement;
  if (isWriting || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  void (event.shiftKey ? redo() : undo());
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
