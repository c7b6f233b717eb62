// The day as a table: all that is drawn on the timeline and the map, in words.
import { windowsTold, type DayPlan, type Lane } from '../model/day';
import { clock } from '../model/clock';
import { chosen } from '../state';
import { number, words } from '../words';

interface Line { key: string; kind: 'visit' | 'travel' | 'wait' | 'break' | 'key'; from: number; to: number; visit?: Lane['visits'][number]; metres?: number }

/** What happens on a lane, in its order. */
function linesOf(lane: Lane): Line[] {
  const lines: Line[] = [
    ...lane.pieces.map((piece) => ({ key: `${piece.kind}${piece.from}`, ...piece })),
    ...lane.visits.map((visit) => ({ key: visit.id, kind: 'visit' as const, from: visit.start, to: visit.end, visit })),
  ];
  return lines.sort((one, other) => one.from - other.from || one.to - other.to);
}

export function DayTable({ day }: { day: DayPlan }) {
  const w = words.value;
  return (
    <div class="day-table" tabIndex={0} role="region" aria-label={w.table}>
      {day.lanes.map((lane) => (
        <table key={lane.carer} class="pkt-table pkt-table--compact pkt-table--basic">
          <caption>{w.laneOf(lane.carer, lane.visits.length, w.modes[lane.mode])}, {clock(lane.from)}–{clock(lane.to)}</caption>
          <thead>
            <tr>
              <th scope="col">{w.from}</th><th scope="col">{w.to}</th><th scope="col">{w.what}</th>
              <th scope="col">{w.patient}</th><th scope="col">{w.window}</th><th scope="col">{w.remarks}</th>
            </tr>
          </thead>
          <tbody>
            {linesOf(lane).map((line) => (
              <tr key={line.key} class={line.kind}>
                <td>{clock(line.from)}</td>
                <td>{clock(line.to)}</td>
                <td>{w.pieces[line.kind]}{line.kind === 'travel' && ` ${w.wayFigures(number(line.to - line.from), number((line.metres ?? 0) / 1000, 1))}`}</td>
                <td>{line.visit !== undefined && (
                  <button type="button" class="plain link" aria-pressed={chosen.value === line.visit.id}
                    onClick={() => { chosen.value = line.visit?.id ?? null; }}>{line.visit.patient}</button>
                )}</td>
                <td>{windowsTold(line.visit?.windows ?? [])}</td>
                <td>{line.visit !== undefined && remarks(line.visit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function remarks(visit: Lane['visits'][number]): string {
  const w = words.value;
  return [
    visit.criticality === 'normal' ? '' : w.criticalities[visit.criticality],
    visit.late >= 0.5 ? w.lateBy(number(visit.late)) : '',
    visit.together.length > 0 ? w.together(visit.together.join(', ')) : '',
    visit.pinned ? w.pinned : '',
  ].filter((part) => part !== '').join(', ');
}
