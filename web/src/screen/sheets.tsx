// Carers' work lists, for a phone and for paper: one carer a sheet, black on white, with no more about
// anybody than the work list itself has. Once opened, a list can be opened again without a network.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { OneWorkList, Stop } from '../api/contract';
import * as service from '../api/service';
import { clock, minutesOf } from '../model/clock';
import { address } from '../route';
import { tried } from '../state';
import { longDay, number, words } from '../words';
import { saveCalendar } from './calendar';

/** All sheets of a plan, to be printed at once. */
export function SheetsScreen({ plan }: { plan: string }) {
  const w = words.value;
  const [lists, setLists] = useState<OneWorkList[] | null>(null);
  useEffect(() => {
    void tried(async () => {
      const { workLists } = await service.planRow(plan);
      const numbers = Array.from({ length: workLists }, (_, index) => index + 1);
      setLists(await Promise.all(numbers.map((one) => service.workList(plan, one))));
    });
  }, [plan]);
  if (lists === null) return <p class="quiet">{w.busy}</p>;
  const day = lists[0]?.day;
  return (
    <div class="sheets">
      <div class="bar no-print">
        {day !== undefined && <a class="plain" href={address({ at: 'day', day })}>‹ {longDay(day)}</a>}
        <h1>{w.workLists}</h1>
        <span class="spring" />
        <a class="plain" href={`/v1/plans/${plan}/content?format=csv`} download={`${day ?? plan}.csv`}>{w.spreadsheet}</a>
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--primary" onClick={() => print()}>{w.printAll}</button>
      </div>
      {lists.map((list, index) => (
        <Sheet key={list.workList.carer} list={list}>
          <a class="plain no-print" href={address({ at: 'list', plan, number: index + 1 })}>{w.workList} ›</a>
        </Sheet>
      ))}
    </div>
  );
}

/** One carer's list. */
export function SheetScreen({ plan, number: which }: { plan: string; number: number }) {
  const w = words.value;
  const [list, setList] = useState<OneWorkList | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isOffline, setOffline] = useState(!navigator.onLine);
  useEffect(() => {
    const look = (): void => setOffline(!navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    void tried(async () => {
      await keeping();
      setList(await service.workList(plan, which));
    });
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, [plan, which]);
  if (list === null) return <p class="quiet">{w.busy}</p>;
  return (
    <div class="sheets one">
      <div class="bar no-print">
        {isOffline ? <span class="badge warn" role="status">{w.offlineShown}</span> : <span class="badge holds">{w.offlineReady}</span>}
        <span class="spring" />
        <a class="plain" href={`/v1/plans/${plan}/work-lists/${which}?format=csv`} download={`${list.day}-${which}.csv`}>{w.spreadsheet}</a>
        <button type="button" class="plain" aria-expanded={isAsking} onClick={() => setAsking(!isAsking)}>{w.calendar}</button>
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" onClick={() => print()}>{w.print}</button>
      </div>
      {isAsking && (
        <div class="note look no-print">
          <p>{w.calendarLead}</p>
          <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary"
            onClick={() => { saveCalendar(list, which); setAsking(false); }}>{w.calendarAgree}</button>
        </div>
      )}
      <Sheet list={list} isAlone />
    </div>
  );
}

/** Waits until what is opened is kept, but not long: the list matters more. */
async function keeping(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined || serviceWorker.controller !== null) return;
  await Promise.race([
    new Promise((done) => { serviceWorker.addEventListener('controllerchange', done, { once: true }); }),
    new Promise((done) => { setTimeout(done, 1500); }),
  ]);
}

function Sheet({ list, isAlone = false, children }: { list: OneWorkList; isAlone?: boolean; children?: ComponentChildren }) {
  const w = words.value;
  const { day, workList: { carer, mode, start, end, stops } } = list;
  const visits = stops.filter((stop) => stop.kind === 'visit').length;
  const at = (instant: string): string => clock(minutesOf(day, instant));
  let order = 0;
  return (
    <article class="sheet">
      <header>
        <div>
          {isAlone ? <h1>{carer}</h1> : <h2>{carer}</h2>}
          <p>{longDay(day)} · {w.shiftFrom(at(start), at(end))} · {w.visits(visits)} · {w.modes[mode]}</p>
        </div>
        {children}
      </header>
      <table>
        <thead>
          <tr><th scope="col">{w.from}</th><th scope="col">{w.to}</th><th scope="col">{w.what}</th><th scope="col">{w.wayThere}</th><th scope="col">{w.remarks}</th></tr>
        </thead>
        <tbody>
          {stops.map((stop, index) => {
            if (stop.kind === 'visit') order += 1;
            return <StopRow key={index} stop={stop} order={order} at={at} isFirst={index === 0} />;
          })}
        </tbody>
      </table>
      <footer>{list.listId}, v{list.version}</footer>
    </article>
  );
}

function StopRow({ stop, order, at, isFirst }: { stop: Stop; order: number; at: (instant: string) => string; isFirst: boolean }) {
  const w = words.value;
  const way = stop.travel === undefined ? '' : w.wayFigures(number(stop.travel.minutes), number(stop.travel.metres / 1000, 1));
  if (stop.kind === 'base') {
    return (
      <tr class="base">
        <td>{isFirst ? '' : stop.arrive !== undefined && at(stop.arrive)}</td>
        <td>{stop.leave !== undefined && at(stop.leave)}</td>
        <td>{w.pieces.base} {stop.location}</td><td>{way}</td><td />
      </tr>
    );
  }
  if (stop.kind !== 'visit') {
    return (
      <tr class="base">
        <td>{at(stop.start)}</td><td>{at(stop.leave)}</td><td>{w.pieces[stop.kind]}</td>
        <td>{stop.travel.metres > 0 ? way : ''}</td><td />
      </tr>
    );
  }
  const remarks = [
    stop.with.length > 0 ? w.together(stop.with.join(', ')) : '',
    stop.lateMinutes >= 0.5 ? w.lateBy(number(stop.lateMinutes)) : '',
  ].filter((part) => part !== '').join(', ');
  return (
    <tr>
      <td><b>{at(stop.start)}</b></td><td>{at(stop.leave)}</td>
      <td><span class="order">{order}</span> <b>{stop.patient}</b> <span class="place">{stop.location}</span></td>
      <td>{way}</td><td>{remarks}</td>
    </tr>
  );
}
