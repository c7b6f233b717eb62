// What a skill counts as besides itself: who has the one may do what asks for the other.
import { useState } from 'preact/hooks';
import { words } from '../words';
import type { Skills } from './figures';

export function SkillsTable({ skills, known, change }: { skills: Skills; known: string[]; change: ((skills: Skills) => void) | null }) {
  const w = words.value;
  const [name, setName] = useState('');
  const names = [...new Set([...known, ...skills.keys(), ...[...skills.values()].flat()])].toSorted();
  const set = (skill: string, others: string[]): void => change?.(new Map(skills).set(skill, others));
  return (
    <>
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <thead><tr><th scope="col">{w.whoHas}</th><th scope="col">{w.countsAs}</th></tr></thead>
        <tbody>
          {names.map((skill) => {
            const others = skills.get(skill) ?? [];
            const more = names.filter((other) => other !== skill && !others.includes(other));
            return (
              <tr key={skill}>
                <th scope="row">{skill}</th>
                <td><span class="chips">
                  {others.map((other) => (
                    <span key={other} class="chip">{other}
                      {change !== null && (
                        <button type="button" class="plain" aria-label={w.takeAway(other)} onClick={() => set(skill, others.filter((one) => one !== other))}>×</button>
                      )}
                    </span>
                  ))}
                  {change !== null && more.length > 0 && (
                    <select value="" aria-label={w.alsoCountsAs(skill)} onChange={(event) => set(skill, [...others, event.currentTarget.value])}>
                      <option value="">{w.add} …</option>
                      {more.map((other) => <option key={other} value={other}>{other}</option>)}
                    </select>
                  )}
                </span></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {change !== null && (
        <div class="bar">
          <label class="choice">{w.otherSkill}
            <input type="text" maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <button type="button" class="plain" disabled={name.trim() === '' || names.includes(name.trim())}
            onClick={() => { set(name.trim(), []); setName(''); }}>{w.add}</button>
        </div>
      )}
    </>
  );
}
