// Who has changed what in a profile, and when: each version beside the one before.
import type { Profile, Weights } from '../api/contract';
import { moment, number, words } from '../words';
import { differences, settledBy } from './figures';

export function Versions({ history, standard }: { history: Profile[]; standard: Weights }) {
  const w = words.value;
  return (
    <section class="panel" aria-labelledby="versions">
      <h2 id="versions">{w.versions}</h2>
      <ol class="versions">
        {history.map((one, index) => {
          const before = settledBy(history[index + 1]?.weights ?? standard, standard);
          const changed = differences(before, settledBy(one.weights, standard));
          const told = (value: string | number): string => (typeof value === 'number' ? number(value, 2) : value);
          return (
            <li key={one.version}>
              <b>{w.version(one.version)}</b> · {one.changedBy}, {one.changed !== undefined && moment(one.changed)}
              <ul>
                {changed.length === 0 && <li class="quiet">{w.asStandard}</li>}
                {changed.map(({ path, before: was, after, isSkill }) => (
                  <li key={path}>{isSkill ? `${path}, ${w.countsAs.toLowerCase()}` : w.weightNames[path] ?? path}: {told(was)} → <b>{told(after)}</b></li>
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
