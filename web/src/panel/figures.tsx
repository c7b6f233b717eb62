// What the plan amounts to: the few figures one looks at each morning, and behind them all of them, each
// with what it means. The service counts; here they are only written.
import { useState } from 'preact/hooks';
import type { Kpi, Plan } from '../api/contract';
import { language, number, percent, words } from '../words';

const amount = (kpi: Kpi, name: string): number | null => {
  const value = kpi[name];
  return typeof value === 'number' ? value : null;
};

const parts = (kpi: Kpi, name: string): Record<string, number> => {
  const value = kpi[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, number>) : {};
};

const sum = (values: Record<string, number>): number => Object.values(values).reduce((all, one) => all + one, 0);

interface Tile { key: string; name: string; value: string; more: string }

export function tilesOf(plan: Plan): Tile[] {
  const w = words.value;
  const { kpi } = plan;
  const left = sum(parts(kpi, 'unassigned'));
  const visits = new Set(plan.workLists.flatMap((list) => list.stops.flatMap((stop) => stop.kind === 'visit' ? [stop.visit] : []))).size;
  const time = (name: string, title: string): Tile => ({
    key: name, name: title,
    value: kpi.shareOfPaid[name] === undefined ? '–' : percent(kpi.shareOfPaid[name]),
    more: w.hours(number((amount(kpi, name) ?? 0) / 60, 1)),
  });
  const known = amount(kpi, 'knownShare');
  const late = parts(kpi, 'lateMinutes');
  const kilometres = parts(kpi, 'kmByMode');
  return [
    { key: 'unassigned', name: w.kpi.visits, value: w.ofTotal(visits, visits + left), more: w.leftOutSoFar(left) },
    time('visitMinutes', w.kpi.withPatients),
    time('travelMinutes', w.kpi.travel),
    time('slackMinutes', w.kpi.slack),
    { key: 'knownShare', name: w.kpi.known, value: known === null ? '–' : percent(known), more: '' },
    { key: 'lateMinutes', name: w.kpi.late, value: w.minutes(number(sum(late))), more: `${w.criticalities['time-critical']}: ${number(late['time-critical'] ?? 0)}` },
    ...(plan.gap === undefined ? [] : [{ key: 'gap', name: w.kpiGap, value: w.atMost(percent(plan.gap)), more: w.proven }]),
    { key: 'kgCo2eByMode', name: w.kpi.co2, value: w.kilograms(number(sum(parts(kpi, 'kgCo2eByMode')), 1)), more: `${number(sum(kilometres), 1)} km` },
  ];
}

export function Figures({ plan }: { plan: Plan }) {
  const w = words.value;
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="figures" aria-label={w.figures}>
      <dl>
        {tilesOf(plan).map((tile) => (
          <div key={tile.key}><dt>{tile.name}</dt><dd><b>{tile.value}</b><span>{tile.more}</span></dd></div>
        ))}
      </dl>
      <button type="button" class="plain" aria-expanded={isOpen} aria-controls="all-figures" onClick={() => setOpen(!isOpen)}>{w.meaning}</button>
      <div id="all-figures" hidden={!isOpen}>{isOpen && <All kpi={plan.kpi} />}</div>
    </section>
  );
}

function All({ kpi }: { kpi: Kpi }) {
  const w = words.value;
  const names = Object.keys(kpi.definitions);
  return (
    <table class="pkt-table pkt-table--compact pkt-table--basic">
      <caption class="for-ears">{w.all}</caption>
      <thead><tr><th scope="col">{w.figure}</th><th scope="col">{w.value}</th><th scope="col">{w.definition}</th></tr></thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{w.figureNames[name] ?? name}</th>
            <td>{written(kpi, name)}</td>
            <td>{kpi.definitions[name]?.[language.value === 'en' ? 'en' : 'nb']}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A figure as people read it, with its share of paid time where it has one. */
export function written(kpi: Kpi, name: string): string {
  const w = words.value;
  const value = kpi[name];
  const one = (figure: number): string =>
    name.endsWith('Minutes') || name.includes('MinutesPer') ? w.minutes(number(figure))
    : name.endsWith('Share') ? percent(figure) : number(figure, 1);
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') {
    const share = kpi.shareOfPaid[name];
    return share === undefined ? one(value) : `${one(value)} (${w.ofPaid(percent(share))})`;
  }
  const names: Record<string, string> = { ...w.modes, ...w.criticalities, ...w.spread };
  return Object.entries(value as Record<string, number>).filter(([, part]) => part !== 0)
    .map(([part, figure]) => `${(names[part] ?? part).toLowerCase()} ${one(figure)}`).join(', ') || one(0);
}
