// The day planned anew after something has happened, told as a list of changes for people, and taken or not. Until it is taken the old plan stays on the screen.
import { signal } from '@preact/signals';
import type { PlanRow } from '../api/contract';
import * as service from '../api/service';
import { changesBetween, type Change } from '../model/changes';
import { dayPlan } from '../model/day';
import { Changes } from '../panel/changes';
import { announced, lists, openedDay, planRow, readList, readPlan, shift, shown, tried } from '../state';
import { words } from '../words';
import { goOnWith } from './history';

interface Proposal { why: string; plan: string | null; row: PlanRow | null; changes: Change[] }

export const proposal = signal<Proposal | null>(null);

/** How long a day is planned anew, in seconds: somebody waits. */
const SECONDS = 3;

/** What is different on the list from now on. */
interface ListChange { visits: object[]; remove?: { carers: string[] } }

/** Sends the change as the next version of the list, and has the day planned anew from the plan there is. */
export async function propose(why: string, change: ListChange): Promise<void> {
  const row = planRow.value;
  if (row === null) return;
  proposal.value = { why, plan: null, row: null, changes: [] };
  const done = await tried(async () => {
    const newest = lists.value.reduce((most, one) => Math.max(most, one.version), 0);
    const { id } = await service.changeList(row.list, { schemaVersion: '1.0', version: newest + 1, ...change });
    lists.value = await service.listsOf(openedDay.value);
    const order = { list: id, shift: shift.value, profile: row.profile, seconds: SECONDS };
    return service.ended(await service.makePlan(order));
  });
  if (done === undefined) { proposal.value = null; return; }
  await tried(async () => {
    const before = shown.value;
    if (done.state !== 'done' || before === null) {
      proposal.value = { why, plan: null, row: done, changes: [] };
      return;
    }
    const after = dayPlan(await readPlan(done.id), await readList(done.list));
    const changes = changesBetween(before, after);
    proposal.value = { why, plan: done.id, row: done, changes };
    announced.value = `${words.value.changes}: ${changes.length}`;
  });
}

export function ProposalBox() {
  const w = words.value;
  const now = proposal.value;
  if (now === null) return null;
  const isFailed = now.row !== null && now.plan === null;
  return (
    <section class="dialog changes-box" aria-labelledby="proposal">
      <h2 id="proposal">{now.why}</h2>
      {isFailed ? <p role="alert">{w.failed.other}</p> : now.plan === null ? <p class="quiet" aria-busy="true">{w.busy}</p> : (
        <>
          <p>{w.changesLead}</p>
          <Changes changes={now.changes} />
        </>
      )}
      <div class="bar">
        {now.plan !== null && (
          <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" onClick={() => void accept(now.plan)}>{w.accept}</button>
        )}
        <button type="button" class="plain" onClick={() => { proposal.value = null; }}>{now.plan === null ? w.close : w.reject}</button>
      </div>
    </section>
  );
}

async function accept(plan: string | null): Promise<void> {
  if (plan === null) return;
  await tried(async () => {
    await goOnWith(plan);
    proposal.value = null;
    announced.value = words.value.accepted;
  });
}
