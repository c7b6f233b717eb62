// Two plans of a day side by side: their figures, and what is different for people.
import { useEffect, useState } from 'preact/hooks';
import type { Changes as ChangesTold, Kpi, Plan, PlanRow } from '../api/contract';
import * as service from '../api/service';
import { Changes } from '../panel/changes';
import { written } from '../panel/figures';
import { nameOf } from '../panel/planbar';
import { address } from '../route';
import { readPlan, tried } from '../state';
import { longDay, number, words } from '../words';

interface Side { row: PlanRow; plan: Plan }

async function sideOf(id: string): Promise<Side> {
  const [row, plan] = await Promise.all([service.planRow(id), readPlan(id)]);
  return { row, plan };
}

export function CompareScreen({ plan, other }: { plan: string; other: string }) {
  const w = words.value;
  const [sides, setSides] = useState<[Side, Side] | null>(null);
  const [changes, setChanges] = useState<ChangesTold | null>(null);
  const [siblings, setSiblings] = useState<PlanRow[]>([]);
  useEffect(() => {
    void tried(async () => {
      const both = await Promise.all([sideOf(plan), sideOf(other)]);
      setSides(both);
      setChanges(await service.changes(other, plan));
      setSiblings((await service.plansOf(both[0].row.day)).filter((row) => row.state === 'done' && row.shift === both[0].row.shift));
    });
  }, [plan, other]);
  if (sides === null) return <p class="quiet">{w.busy}</p>;
  const [one, two] = sides;
  const choice = (label: string, id: string, go: (to: string) => string) => (
    <label class="choice">{label}
      <select value={id} onChange={(event) => { location.hash = go(event.currentTarget.value); }}>
        {siblings.map((row) => <option key={row.id} value={row.id}>{nameOf(row)}</option>)}
      </select>
    </label>
  );
  return (
    <div class="compare">
      <div class="bar">
        <a class="plain" href={address({ at: 'day', day: one.row.day })}>‹ {longDay(one.row.day)}</a>
        <h1>{w.compare}</h1>
        <span class="spring" />
        <a class="plain" href={`/v1/plans/${other}/comparison?with=${plan}&format=csv`} download="sammenligning.csv">{w.spreadsheet}</a>
        <a class="pkt-btn pkt-btn--small pkt-btn--tertiary" href={address({ at: 'byhand', plan: other })}>{w.madeByHand}</a>
        {choice(w.plan, plan, (to) => address({ at: 'compare', plan: to, other }))}
        {choice(w.compareWith, other, (to) => address({ at: 'compare', plan, other: to }))}
      </div>
      <div class="columns even">
        <Beside one={one} two={two} />
        <section class="panel">{changes !== null && <Changes told={changes} />}</section>
      </div>
    </div>
  );
}

/** Figures in parts that add up to one. */
const SUMS = ['unassigned', 'lateMinutes', 'kmByMode', 'kgCo2eByMode'];

const plain = (kpi: Kpi, name: string): number | null => {
  const value = kpi[name];
  if (typeof value === 'number') return value;
  return SUMS.includes(name) && value !== null ? Object.values(value as Record<string, number>).reduce((sum, one) => sum + one, 0) : null;
};

function Beside({ one, two }: { one: Side; two: Side }) {
  const w = words.value;
  const [first, second] = [one.plan, two.plan];
  const difference = (name: string): string => {
    const [was, is] = [plain(first.kpi, name), plain(second.kpi, name)];
    if (was === null || is === null) return '';
    const [by, unit] = name.endsWith('Share') ? [(is - was) * 100, w.points] : [is - was, name.endsWith('Minutes') ? w.minutes : (n: string) => n];
    return Math.abs(by) < 0.05 ? w.same : unit(`${by > 0 ? '+' : '−'}${number(Math.abs(by), 1)}`);
  };
  const cost = (second.score.total - first.score.total) / 600;
  return (
    <section class="panel">
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <caption>{w.figures}</caption>
        <thead><tr><th scope="col">{w.figure}</th><th scope="col">{nameOf(one.row)}</th><th scope="col">{nameOf(two.row)}</th><th scope="col">{w.difference}</th></tr></thead>
        <tbody>
          <tr>
            <th scope="row">{w.costs}</th>
            <td>{w.weighted(number(first.score.total / 600))}</td><td>{w.weighted(number(second.score.total / 600))}</td>
            <td>{cost === 0 ? w.same : `${cost > 0 ? '+' : '−'}${number(Math.abs(cost), 1)}`}</td>
          </tr>
          {Object.keys(first.kpi.definitions).map((name) => (
            <tr key={name}>
              <th scope="row">{w.figureNames[name] ?? name}</th>
              <td>{written(first.kpi, name)}</td><td>{written(second.kpi, name)}</td><td>{difference(name)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
