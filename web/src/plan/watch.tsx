// A plan while it is made: a draft is on the screen at once, the search goes on from there, and a curve
// shows how its cost falls. Stopped when good enough, it gives the best it has.
import { signal } from '@preact/signals';
import type { PlanRow } from '../api/contract';
import * as service from '../api/service';
import { goOnWith } from '../change/history';
import { moving } from '../change/move';
import { proposal } from '../change/proposal';
import { announced, openedDay, planId, readList, refreshPlans, show, tried } from '../state';
import { number, percent, words } from '../words';

interface Point { permille: number; cost: number }

interface Watched {
  id: string;
  day: string;
  /** What was on the screen before, and the draft: what is looked at unless one has gone on to something else. */
  before: (string | null)[];
  /** The search that follows this draft. */
  next: service.Order | null;
  row: PlanRow | null;
  points: Point[];
  stop: () => void;
}

export const watched = signal<Watched | null>(null);

/** So many rounds make a draft that is worth looking at; a second at the most. */
const DRAFT = { iterations: 200, seconds: 1 };

/** A draft at once, with all processors to itself, and then the search. */
export async function begin(order: service.Order): Promise<void> {
  // Meanwhile the list is fetched that it is drawn with.
  void tried(() => readList(order.list));
  const isShort = order.seconds <= 1;
  const id = await service.makePlan(isShort ? order : { ...order, ...DRAFT });
  watch(id, [planId.value], isShort ? null : order);
}

function watch(id: string, before: Watched['before'], next: Watched['next']): void {
  watched.value?.stop();
  watched.value = { id, day: openedDay.value, before, next, row: null, points: [], stop: () => undefined };
  const stop = service.follow(id, heard);
  if (watched.value.id === id) watched.value = { ...watched.value, stop };
}

/** Shows a plan that is done, unless one is at something else; whether it is shown. */
async function offer(id: string): Promise<boolean> {
  return await tried(async () => {
    const now = watched.value;
    if (now === null || now.day !== openedDay.value) return false;
    await refreshPlans();
    const isFree = now.before.includes(planId.value) && moving.value === null && proposal.value === null;
    if (isFree) await show(id);
    return isFree;
  }) ?? false;
}

function heard(row: PlanRow): void {
  const now = watched.value;
  if (now === null || now.id !== row.id) return;
  const { permille = 0, iterations = 0, cost } = row.progress ?? {};
  const last = now.points.at(-1);
  const isNew = now.next === null && cost !== undefined && iterations > 0 && (cost !== last?.cost || permille !== last.permille);
  watched.value = { ...now, row, points: isNew ? [...now.points, { permille, cost }] : now.points };
  if (row.state !== 'done') return;
  void offer(row.id).then((isShown) => { if (now.next === null) end(row.id, isShown); });
  if (now.next !== null) void goOn(row.id, now.before, now.next);
}

/** After the draft the search, unless it was cancelled meanwhile. */
async function goOn(draft: string, before: Watched['before'], order: service.Order): Promise<void> {
  const better = await tried(() => service.makePlan(order));
  if (watched.value?.id !== draft) {
    if (better !== undefined) await tried(() => service.cancel(better));
  } else if (better === undefined) {
    watched.value = null;
  } else {
    watch(better, [...before, draft], null);
  }
}

/** The best plan is there. */
function end(id: string, isShown: boolean): void {
  announced.value = words.value.newIsReady;
  if (isShown && watched.value?.id === id) watched.value = null;
}

/** Stops, and takes nothing. */
function cancel(now: Watched): void {
  if (now.row?.state === 'done') {
    now.stop();
    watched.value = null;
  } else {
    void tried(() => service.cancel(now.id));
  }
}

/** Goes over to the plan that was made meanwhile. */
async function goOver(id: string): Promise<void> {
  await goOnWith(id);
  watched.value = null;
}

export function Watch() {
  const w = words.value;
  const now = watched.value;
  if (now === null || now.day !== openedDay.value) return null;
  const { row, points } = now;
  if (row?.state === 'done' && now.next === null) {
    return (
      <div class="watch">
        <b>{w.newIsReady}</b>
        <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" onClick={() => void tried(() => goOver(row.id))}>{w.showIt}</button>
        <button type="button" class="plain" onClick={() => { watched.value = null; }}>{w.close}</button>
      </div>
    );
  }
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
        <b>{row === null || row.state === 'queued' ? w.waitsForTurn : w.searching}</b>
        <progress max={1000} value={permille} aria-label={w.searching} />
        {row?.progress !== undefined && (
          <span>{w.leftOutSoFar(row.progress.leftOut)} · {w.rounds(number(row.progress.iterations))}</span>
        )}
      </div>
      <Curve points={points} bound={row?.progress?.bound ?? null} />
      <button type="button" class="pkt-btn pkt-btn--small pkt-btn--secondary" disabled={row?.state !== 'running' || now.next !== null}
        onClick={() => void tried(() => service.enough(now.id))}>{w.goodEnough}</button>
      <button type="button" class="plain" onClick={() => cancel(now)}>{w.cancel}</button>
    </div>
  );
}

const [WIDTH, HEIGHT] = [220, 44];

/** How much of a cost is not proven to be needed. */
const gapOf = (cost: number, bound: number): number => (cost <= 0 ? 0 : Math.max(cost - bound, 0) / cost);

/** The cost of the best plan over time, above what no plan costs less than. */
function Curve({ points, bound }: { points: Point[]; bound: number | null }) {
  const w = words.value;
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(...points.map((point) => point.cost));
  const isBounded = bound !== null && bound <= last.cost;
  const least = isBounded ? bound : Math.min(...points.map((point) => point.cost));
  const y = (cost: number): number => 3 + (HEIGHT - 6) * (most === least ? 1 : (most - cost) / (most - least));
  const at = (point: Point): string => `${((point.permille / Math.max(last.permille, 1)) * WIDTH).toFixed(1)},${y(point.cost).toFixed(1)}`;
  const fell = first.cost === 0 ? 0 : (last.cost - first.cost) / first.cost;
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={w.curve}>
        {isBounded && <line class="bound" x1="0" x2={WIDTH} y1={y(bound)} y2={y(bound)} />}
        <polyline points={points.map(at).join(' ')} />
      </svg>
      <figcaption>
        <span><b>{w.weighted(number(Math.round(last.cost / 600)))}</b> ({percent(fell)})</span>
        {isBounded && <span>{w.bound} {number(Math.round(bound / 600))}: {w.gap(percent(gapOf(last.cost, bound)))}</span>}
      </figcaption>
    </figure>
  );
}
