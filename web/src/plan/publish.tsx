// Which plan holds: published, by whom and when, and withdrawn. Whoever publishes has seen what holds now;
// if somebody was faster, one is told and looks again.
import { useState } from 'preact/hooks';
import { Problem } from '../api/http';
import * as service from '../api/service';
import { announced, may, planId, planRow, published, shift, tried } from '../state';
import { longDay, moment, words } from '../words';

export function Publication({ day }: { day: string }) {
  const w = words.value;
  const [isAsking, setAsking] = useState(false);
  const holds = published.value?.told ?? null;
  const isThis = holds !== null && holds.plan !== null && holds.plan === planId.value;
  const since = holds?.changed === null || holds === null ? '' : w.publishedBy(holds.changedBy ?? '–', moment(holds.changed));
  return (
    <>
      {isThis
        ? <span class="badge holds">{w.isPublished} · {since}</span>
        : holds !== null && holds.plan !== null && <span class="badge">{w.otherPublished} · {since}</span>}
      {planId.value !== null && may('plans:publish') && (isThis ? (
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--tertiary" onClick={() => void change(day, null, false)}>{w.withdraw}</button>
      ) : (
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" aria-expanded={isAsking}
          onClick={() => setAsking(!isAsking)}>{w.publish}</button>
      ))}
      {isAsking && !isThis && <Ask day={day} close={() => setAsking(false)} />}
    </>
  );
}

function Ask({ day, close }: { day: string; close: () => void }) {
  const w = words.value;
  const isStale = planRow.value?.stale ?? false;
  const [isKnown, setKnown] = useState(false);
  return (
    <form class="dialog wide" aria-labelledby="publish-title"
      onKeyDown={(event) => { if (event.key === 'Escape') close(); }}
      onSubmit={(event) => {
        event.preventDefault();
        close();
        void change(day, planId.value, isKnown);
      }}>
      <h2 id="publish-title">{w.publish}</h2>
      <p>{w.publishLead(longDay(day), w.shifts[shift.value].toLowerCase())}</p>
      {isStale && (
        <label class="choice">
          <input type="checkbox" required checked={isKnown} onChange={(event) => setKnown(event.currentTarget.checked)} />
          {w.publishAnyway}
        </label>
      )}
      <div class="bar">
        <button type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary">{w.publish}</button>
        <button type="button" class="plain" onClick={close}>{w.cancel}</button>
      </div>
    </form>
  );
}

/** Has a plan hold, or none. */
async function change(day: string, plan: string | null, acknowledgeStale: boolean): Promise<void> {
  await tried(async () => {
    const { etag } = published.value ?? (await service.published(day, shift.value));
    try {
      published.value = plan === null
        ? await service.withdraw(day, shift.value, etag)
        : await service.publish(day, shift.value, etag, plan, acknowledgeStale);
      announced.value = plan === null ? words.value.notPublished : words.value.isPublished;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      published.value = await service.published(day, shift.value);
      const { someoneWasFaster } = words.value;
      throw new Problem(412, error.code, someoneWasFaster, someoneWasFaster);
    }
  });
}
