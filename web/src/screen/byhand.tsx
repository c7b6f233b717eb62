// A plan made by hand beside ours: what it costs more and in what, which rules it breaks, and every carer's
// list as both have it. Times and breaks of the one by hand are filled in by the service; nothing is kept.
import { useEffect, useState } from 'preact/hooks';
import type { Evaluation, Plan, PlanRow, WorkList } from '../api/contract';
import * as service from '../api/service';
import { rosterOf } from '../change/roster';
import { clock, minutesOf } from '../model/clock';
import { nameOf } from '../panel/planbar';
import { address } from '../route';
import { readPlan, tried } from '../state';
import { longDay, number, said, words } from '../words';

const FEW = 12;

export function ByHandScreen({ plan }: { plan: string }) {
  const w = words.value;
  const [ours, setOurs] = useState<{ row: PlanRow; plan: Plan } | null>(null);
  const [told, setTold] = useState<Evaluation | null>(null);
  const [isUnread, setUnread] = useState(false);
  useEffect(() => {
    void tried(async () => {
      const [row, read] = await Promise.all([service.planRow(plan), readPlan(plan)]);
      setOurs({ row, plan: read });
    });
  }, [plan]);
  if (ours === null) return <p class="quiet">{w.busy}</p>;
  const hold = (file: File | undefined): void => {
    if (file === undefined) return;
    void tried(async () => {
      const roster = rosterOf(await file.text());
      setUnread(roster === null);
      if (roster !== null) setTold(await service.evaluate(ours.row.list, plan, roster));
    });
  };
  return (
    <div class="compare">
      <div class="bar">
        <a class="plain" href={address({ at: 'day', day: ours.row.day })}>‹ {longDay(ours.row.day)}</a>
        <h1>{w.madeByHand}</h1>
        <span class="spring" />
        <label class="pkt-btn pkt-btn--small pkt-btn--secondary file">
          {w.chooseFile}
          <input type="file" accept=".csv,.json,text/csv,application/json" onChange={(event) => hold(event.currentTarget.files?.[0])} />
        </label>
      </div>
      {isUnread && <p class="note bad" role="alert">{w.handUnread}</p>}
      {told === null ? <p class="panel">{w.handLead}</p> : (
        <>
          <div class="columns even">
            <Costs told={told} row={ours.row} plan={ours.plan} />
            <Breaches told={told} />
          </div>
          <Lists hand={told.workLists} ours={ours.plan.workLists} day={ours.row.day} />
        </>
      )}
    </div>
  );
}

function Costs({ told, row, plan }: { told: Evaluation; row: PlanRow; plan: Plan }) {
  const w = words.value;
  const minutes = (tenths: number): string => number(tenths / 600, 1);
  const parts = [...new Set([...Object.keys(plan.score.parts), ...Object.keys(told.score.parts)])]
    .filter((part) => (plan.score.parts[part] ?? 0) !== 0 || (told.score.parts[part] ?? 0) !== 0);
  const line = (name: string, ours: number, hand: number) => (
    <tr key={name}>
      <th scope="row">{w.partNames[name] ?? name}</th><td>{minutes(ours)}</td><td>{minutes(hand)}</td>
      <td>{hand === ours ? w.same : `${hand > ours ? '+' : '−'}${minutes(Math.abs(hand - ours))}`}</td>
    </tr>
  );
  return (
    <section class="panel weighing" aria-labelledby="costs">
      <h2 id="costs">{w.costs}</h2>
      {told.beside !== undefined && <p>{said(told.beside.difference)}.</p>}
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <caption class="for-ears">{w.costs}</caption>
        <thead><tr><th scope="col">{w.weightedMinutes}</th><th scope="col">{nameOf(row)}</th><th scope="col">{w.madeByHand}</th><th scope="col">{w.difference}</th></tr></thead>
        <tbody>{parts.map((part) => line(part, plan.score.parts[part] ?? 0, told.score.parts[part] ?? 0))}</tbody>
        <tfoot>{line('total', plan.score.total, told.score.total)}</tfoot>
      </table>
      <p>{w.leftOutSoFar(told.unassigned.length)} ({w.madeByHand.toLowerCase()}), {w.leftOutSoFar(plan.unassigned.length)} ({nameOf(row)})</p>
    </section>
  );
}

function Breaches({ told }: { told: Evaluation }) {
  const w = words.value;
  const [isLong, setLong] = useState(false);
  const all = told.breaches;
  return (
    <section class="panel" aria-labelledby="breaches">
      <h2 id="breaches">{all.length === 0 ? w.breaksNothing : w.breaksRules(all.length)}</h2>
      <ul class="breaches">{(isLong ? all : all.slice(0, FEW)).map((breach, index) => (
        <li key={index}><b>{[breach.visit, breach.carer].filter(Boolean).join(', ')}</b> {said(breach)}</li>
      ))}</ul>
      {all.length > FEW && <button type="button" class="plain" onClick={() => setLong(!isLong)}>{isLong ? w.fewer : w.more(all.length - FEW)}</button>}
    </section>
  );
}

function Lists({ hand, ours, day }: { hand: WorkList[]; ours: WorkList[]; day: string }) {
  const w = words.value;
  const carers = [...new Set([...ours, ...hand].map((list) => list.carer))].toSorted();
  const visits = (lists: WorkList[], carer: string) => (
    <ol class="in-short">
      {(lists.find((list) => list.carer === carer)?.stops ?? []).flatMap((stop) => stop.kind !== 'visit' ? [] : [(
        <li key={stop.visit}>{clock(minutesOf(day, stop.start))} <b>{stop.patient}</b>
          {stop.lateMinutes >= 0.5 && <span class="wrong"> {w.lateBy(number(stop.lateMinutes))}</span>}</li>
      )])}
    </ol>
  );
  return (
    <section class="panel">
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <caption>{w.workLists}</caption>
        <thead><tr><th scope="col">{w.carer}</th><th scope="col">{w.ours}</th><th scope="col">{w.madeByHand}</th></tr></thead>
        <tbody>{carers.map((carer) => (
          <tr key={carer}><th scope="row">{carer}</th><td>{visits(ours, carer)}</td><td>{visits(hand, carer)}</td></tr>
        ))}</tbody>
      </table>
    </section>
  );
}
