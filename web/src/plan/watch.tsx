// A plan while it is made: the draft is on the screen at once, the search goes on beside it, and a curve
// shows how its cost falls. Stopped when good enough, it gives the best it has.
import { batch, signal } from '@preact/signals';
import type { PlanRow } from '../api/contract';
import * as service from '../api/service';
import { announced, refreshPlans, show, tried } from '../state';
import { number, percent, words } from '../words';

interface Point { permille: number; cost: number }

interface Watched { id: string; row: PlanRow | null; points: Point[]; stop: () => void }

export const watched = signal<Watched | null>(null);

/** A draft after one second, and the search itself; both begin at once. */
export async function begin(order: service.Order): Promise<void> {
  const [draft, better] = await Promise.all([
    order.seconds > 1 ? service.makePlan({ ...order, seconds: 1 }) : null,
    service.makePlan(order),
  ]);
  if (draft !== null) service.follow(draft, (row) => void ended(row));
  watched.value?.stop();
  const stop = service.follow(better, heard);
  watched.value = { id: better, row: null, points: [], stop };
}

/** Shows a plan when it is done. */
async function ended(row: PlanRow): Promise<void> {
  if (row.state !== 'done') return;
  await tried(async () => {
    await refreshPlans();
    await show(row.id);
  });
}

function heard(row: PlanRow): void {
  const now = watched.value;
  if (now === null || now.id !== row.id) return;
  if (row.state === 'done') {
    batch(() => {
      watched.value = null;
      announced.value = words.value.newIsReady;
    });
    void ended(row);
    return;
  }
  const { permille = 0, iterations = 0, cost } = row.progress ?? {};
  const points = cost === undefined || iterations === 0 || cost === now.points.at(-1)?.cost && permille === now.points.at(-1)?.permille
    ? now.points : [...now.points, { permille, cost }];
  watched.value = { ...now, row, points };
}

export function Watch() {
  const w = words.value;
  const now = watched.value;
  if (now === null) return null;
  const { row, points } = now;
  if (row !== null && (row.state === 'failed' || row.state === 'cancelled')) {
    const failed: Record<string, string> = w.failed;
    return (
      <div class="note bad" role="alert">
        <p>{row.state === 'cancelled' ? w.cancel : failed[row.reason ?? ''] ?? w.failed.other}</p>
        <button type="button" class="plain" onClick={() => { watched.value = null; }}>{w.close}</button>
      </div>
    );
  }
  const permille = row?.progress?.permille ?? 0;
  return (
    <div class="watch" aria-busy="true">
      <div>
        <b>{row?.state === 'running' ? w.searching : w.waitsForTurn}</b>
        <progress max={1000} value={permille} aria-label={w.searching} />
        {row?.progress !== undefined && (
          <span>{w.leftOutSoFar(row.progress.leftOut)} · {w.rounds(number(row.progress.iterations))}</span>
        )}
      </div>
      <Curve points={points} />
      <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" disabled={row?.state !== 'running'}
        onClick={() => void tried(() => service.enough(now.id))}>{w.goodEnough}</button>
      <button type="button" class="plain" onClick={() => void tried(() => service.cancel(now.id))}>{w.cancel}</button>
    </div>
  );
}

const [WIDTH, HEIGHT] = [220, 44];

function Curve({ points }: { points: Point[] }) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(...points.map((point) => point.cost));
  const least = Math.min(...points.map((point) => point.cost));
  const y = (cost: number): number => 3 + (HEIGHT - 6) * (most === least ? 1 : (most - cost) / (most - least));
  const at = (point: Point): string => `${((point.permille / 1000) * WIDTH).toFixed(1)},${y(point.cost).toFixed(1)}`;
  const fell = first.cost === 0 ? 0 : (last.cost - first.cost) / first.cost;
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words.value.curve}>
        <polyline points={points.map(at).join(' ')} />
      </svg>
      <figcaption>{words.value.weighted(number(Math.round(last.cost / 600)))} ({percent(fell)})</figcaption>
    </figure>
  );
}
