// What a plan changes for people, as the service tells it and as one would read it aloud on the telephone.
import type { Changes as ChangesTold, Coming } from '../api/contract';
import { clock, minutesOf } from '../model/clock';
import { said, words } from '../words';

export function Changes({ told }: { told: ChangesTold }) {
  const w = words.value;
  if (told.changes.length === 0) return <p class="quiet">{w.noChanges}</p>;
  const coming = (one: Coming | undefined): string =>
    one === undefined ? '–' : `${clock(minutesOf(one.start.slice(0, 10), one.start))} ${one.carers.join(', ')}`;
  return (
    <>
    <p>{inShort(told)}</p>
    <table class="pkt-table pkt-table--compact pkt-table--basic changes">
      <caption>{w.changes} <span class="count">{w.changedFor(told.patients)}</span></caption>
      <thead><tr><th scope="col">{w.patient}</th><th scope="col">{w.before}</th><th scope="col">{w.after}</th><th scope="col">{w.difference}</th></tr></thead>
      <tbody>
        {told.changes.map((change) => (
          <tr key={change.visit}>
            <th scope="row">{change.patient ?? change.visit}</th>
            <td>{coming(change.before)}</td>
            <td>{coming(change.after)}</td>
            <td>{said(change).replace(/^[^:]*\): /, '')}</td>
          </tr>
        ))}
      </tbody>
    </table>
    </>
  );
}

/** How many visits are changed in which way. */
function inShort(told: ChangesTold): string {
  const w = words.value;
  const count = (kind: string): number => told.changes.filter((change) => change.kinds.includes(kind)).length;
  return Object.entries(w.changeKinds).map(([kind, name]) => ({ name, visits: count(kind) }))
    .filter(({ visits }) => visits > 0).map(({ name, visits }) => `${visits} ${name}`).join(' · ');
}
