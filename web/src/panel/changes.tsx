// A list of changes for people, as one would read it aloud on the telephone.
import type { Change } from '../model/changes';
import { clock } from '../model/clock';
import { number, words } from '../words';

export function Changes({ changes }: { changes: Change[] }) {
  const w = words.value;
  if (changes.length === 0) return <p class="quiet">{w.noChanges}</p>;
  return (
    <table class="pkt-table pkt-table--compact pkt-table--basic changes">
      <caption>{w.changes} <span class="count">{w.visits(changes.length)}</span></caption>
      <thead><tr><th scope="col">{w.patient}</th><th scope="col">{w.before}</th><th scope="col">{w.after}</th><th scope="col">{w.difference}</th></tr></thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.visit}>
            <th scope="row">{change.patient}</th>
            <td>{told(change.before)}</td>
            <td>{told(change.after)}</td>
            <td>{difference(change)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function told(standing: Change['before']): string {
  return standing === null ? words.value.unassigned : `${clock(standing.start)} ${standing.carers.join(', ')}`;
}

function difference({ before, after, later, isOther }: Change): string {
  const w = words.value;
  const minutes = Math.round(later);
  return [
    before === null ? w.comesIn : after === null ? w.fallsOut : '',
    isOther ? w.otherCarer : '',
    minutes === 0 ? '' : minutes > 0 ? w.minutesLater(number(minutes)) : w.minutesEarlier(number(-minutes)),
  ].filter((part) => part !== '').join(', ');
}
