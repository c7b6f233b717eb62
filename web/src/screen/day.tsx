// The day: what to look at first, the figures, a lane for each carer with the map beside it, and those
// that nobody can visit.
import { useState } from 'preact/hooks';
import { sendList } from '../api/service';
import { MoveCard } from '../change/movecard';
import { Figures } from '../panel/figures';
import { DayMap } from '../map/map';
import { PlanBar } from '../panel/planbar';
import { Unassigned } from '../panel/unassigned';
import { VisitPanel } from '../panel/visit';
import { Warnings } from '../panel/warnings';
import { address } from '../route';
import { lists, loading, openDay, plan, plans, shown, tried } from '../state';
import { Timeline } from '../timeline/timeline';
import { DayTable } from '../timeline/table';
import { longDay, words } from '../words';

type View = 'timeline' | 'table';

export function DayScreen({ day }: { day: string }) {
  const w = words.value;
  const told = shown.value;
  const made = plan.value;
  const [view, setView] = useState<View>('timeline');
  if (loading.value && told === null) return <p class="quiet">{w.busy}</p>;
  if (lists.value.length === 0) return <NoList day={day} />;
  return (
    <div class="day">
      <h1 class="for-ears">{w.plan}, {longDay(day)}</h1>
      <PlanBar day={day} />
      {told === null || made === null
        ? plans.value.every((row) => row.state !== 'running' && row.state !== 'queued') && <p class="quiet">{w.noPlan}</p>
        : (
          <>
            <Warnings day={told} plan={made} />
            <Figures plan={made} />
            <div class="columns">
              <div class="left">
                <div class="tabs" role="tablist" aria-label={w.view} onKeyDown={(event) => {
                  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
                  const other = view === 'timeline' ? 'table' : 'timeline';
                  setView(other);
                  document.getElementById(`tab-${other}`)?.focus();
                }}>
                  {(['timeline', 'table'] as const).map((one) => (
                    <button key={one} type="button" role="tab" id={`tab-${one}`} aria-selected={view === one} tabIndex={view === one ? 0 : -1}
                      aria-controls="view" onClick={() => setView(one)}>{w[one]}</button>
                  ))}
                </div>
                <div id="view" role="tabpanel" aria-labelledby={`tab-${view}`}>
                  {view === 'timeline' ? <Timeline day={told} /> : <DayTable day={told} />}
                </div>
                <MoveCard day={told} />
                <Unassigned day={told} />
              </div>
              <aside class="side">
                <DayMap day={told} />
                <VisitPanel day={told} />
              </aside>
            </div>
          </>
        )}
    </div>
  );
}

function NoList({ day }: { day: string }) {
  const w = words.value;
  const send = (file: File | undefined): void => {
    if (file === undefined) return;
    void tried(async () => {
      const { intake } = await sendList(await file.text());
      if (intake.day === day) await openDay(day);
      else location.hash = address({ at: 'day', day: intake.day });
    });
  };
  return (
    <section class="empty">
      <h1>{w.noList}</h1>
      <p>{w.noListLead}</p>
      <label class="pkt-btn pkt-btn--medium pkt-btn--secondary file">
        {w.sendList}
        <input type="file" accept="application/json,.json" onChange={(event) => send(event.currentTarget.files?.[0])} />
      </label>
    </section>
  );
}
