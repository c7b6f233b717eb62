// The day planned anew after something has happened: with as few changes for people as can be, told as a
// list of them, and taken or not. Until it is taken the old plan stays on the screen.
import { signal } from '@preact/signals';
import type { Changes as ChangesTold, PlanRow } from '../api/contract';
import * as service from '../api/service';
import { Changes } from '../panel/changes';
import { announced, lists, openedDay, planId, planRow, shift, tried } from '../state';
import { words } from '../words';
import { goOnWith } from './history';

interface Proposal { why: string; row: PlanRow | null; changes: ChangesTold | null }

export const proposal = signal<Proposal | null>(null);

/** How long a day is planned anew, in seconds: somebody waits. */
const SECONDS = 2;

/** What is different on the list from now on. */
interface ListChange { visits: object[]; remove?: { carers: string[] } }

/** Sends the change as the next version of the list, and has the day planned anew from the plan there is. */
export async function propose(why: string, change: ListChange, now: string, maxChanges?: number): Promise<void> {
  const [from, row] = [planId.value, planRow.value];
  if (from === null || row === null) return;
  proposal.value = { why, row: null, changes: null };
  const made = await tried(async () => {
    const newest = lists.value.reduce((most, one) => Math.max(most, one.version), 0);
    const { id } = await service.changeList(row.list, { schemaVersion: '1.0', version: newest + 1, ...change });
    lists.value = await service.listsOf(openedDay.value);
    const profile = row.profile;
    const plan = await service.makePlan({ list: id, shift: shift.value, profile, seconds: SECONDS, from, now, ...(maxChanges === undefined ? {} : { maxChanges }) });
    const ended = await service.ended(plan);
    return { ended, changes: ended.state === 'done' ? await service.changes(plan, from) : null };
  });
  proposal.value = made === undefined ? null : { why, row: made.ended, changes: made.changes };
  if (made?.changes != null) announced.value = words.value.changedFor(made.changes.patients);
}

export function ProposalBox() {
  const w = words.value;
  const now = proposal.value;
  if (now === null) return null;
  const { row, changes } = now;
  return (
    <section class="dialog changes-box" aria-labelledby="proposal">
      <h2 id="proposal">{now.why}</h2>
      {row === null ? <p class="quiet" aria-busy="true">{w.busy}</p>
        : changes === null ? <p role="alert">{w.failed.other}</p> : <Changes told={changes} />}
      <div class="bar">
        {changes !== null && row !== null && (
          <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" onClick={() => void accept(row.id)}>{w.accept}</button>
        )}
        <button type="button" class="plain" onClick={() => { proposal.value = null; }}>{changes === null ? w.close : w.reject}</button>
      </div>
    </section>
  );
}

async function accept(plan: string): Promise<void> {
  await tried(async () => {
    await goOnWith(plan);
    proposal.value = null;
    announced.value = words.value.accepted;
  });
}
