// A visit on its way to another place: where it would stand, and what that costs and breaks as the service
// has tried it. Moved by keyboard, by drag or by the choices of the card; nothing is kept before it is asked.
import { signal } from '@preact/signals';
import type { MoveTried } from '../api/contract';
import * as service from '../api/service';
import { startOf, type DayPlan, type Lane } from '../model/day';
import { announced, planId, tried } from '../state';
import { said, signed, words } from '../words';
import { goOnWith } from './history';

export interface Moving {
  visit: string;
  patient: string;
  /** From whose list; `null` for one that is on nobody's. */
  from: string | null;
  /** To whose. */
  carer: string;
  /** Where among the other visits of that list, from 0. */
  index: number;
  /** Where it stood there. */
  home: number | null;
  /** What the service said of this place; `null` while it is asked. */
  answer: MoveTried | null;
  /** It is to stay here: kept as soon as the service says that this breaks nothing. */
  isWanted: boolean;
  /** It was to stay here, and that breaks rules. */
  isRefused: boolean;
}

export const moving = signal<Moving | null>(null);

/** The visits of a lane but the one that moves. */
export const others = (lane: Lane, visit: string): Lane['visits'] => lane.visits.filter((one) => one.id !== visit);

/** Where a visit that begins then would stand on a lane. */
export const indexAt = (lane: Lane, visit: string, start: number): number =>
  others(lane, visit).filter((one) => one.start < start).length;

let asked: AbortController | null = null;

// Of another plan another move.
planId.subscribe(() => {
  asked?.abort();
  moving.value = null;
});

/** What is asked of the service: all carers of the visit, one of them another. */
function moveOf(day: DayPlan, at: Moving): service.Move {
  const now = (day.where.get(at.visit) ?? []).map(({ lane }) => lane.carer);
  const carers = now.length < 2 ? [at.carer] : now.map((carer) => (carer === at.from ? at.carer : carer));
  const lane = day.lanes.find((one) => one.carer === at.carer);
  const before = lane === undefined ? null : others(lane, at.visit)[at.index]?.id ?? null;
  return { visit: at.visit, carers, before };
}

async function look(day: DayPlan): Promise<void> {
  const [at, plan] = [moving.value, planId.value];
  if (at === null || plan === null) return;
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  try {
    const answer = await service.tryMoves(plan, [moveOf(day, at)], mine.signal);
    const now = moving.value;
    if (mine.signal.aborted || now === null) return;
    moving.value = { ...now, answer, isWanted: false };
    announced.value = `${placeName(day, now)}. ${toldOf(answer)}`;
    if (now.isWanted) await acceptMove(day);
  } catch (error) {
    if (mine.signal.aborted) return;
    // What cannot be tried cannot be kept: the visit is back where it was, and the page says why.
    moving.value = null;
    await tried(() => Promise.reject(error));
  }
}

/** The place in words: whose list, and after whom. */
export function placeName(day: DayPlan, at: Moving): string {
  const w = words.value;
  const lane = day.lanes.find((one) => one.carer === at.carer);
  const previous = lane === undefined ? undefined : others(lane, at.visit)[at.index - 1];
  return w.placeOf(at.carer, previous === undefined ? w.firstOn : w.afterPatient(previous.patient));
}

/** What it costs and breaks, in a line. */
export function toldOf(answer: MoveTried): string {
  const w = words.value;
  return `${signed(answer.difference.cost)}. ${said(answer.difference)} ${answer.breaches.length === 0 ? w.breaksNothing : w.breaksRules(answer.breaches.length)}`;
}

/** Begins where the visit stands, or at the nearest place on the first lane. */
export function startMove(day: DayPlan, visit: string, patient: string, carer: string | null): void {
  const places = day.where.get(visit) ?? [];
  const place = places.find(({ lane }) => lane.carer === carer) ?? places[0];
  const lane = place?.lane ?? day.lanes[0];
  if (lane === undefined) return;
  const start = place?.visit.start ?? startOf(day, visit);
  const index = indexAt(lane, visit, start);
  moving.value = {
    visit, patient, from: place?.lane.carer ?? null, carer: lane.carer, index, home: place === undefined ? null : index,
    answer: null, isWanted: false, isRefused: false,
  };
  announced.value = `${words.value.moving(patient)}. ${words.value.movingHelp}`;
  // Also where it stands: the service then has the plan in hand when it is moved.
  void look(day);
}

/** Looks at another place. */
export function moveTo(day: DayPlan, carer: string, index: number): void {
  const at = moving.value;
  const lane = day.lanes.find((one) => one.carer === carer);
  if (at === null || lane === undefined || isKept(at)) return;
  const within = Math.min(Math.max(index, 0), others(lane, at.visit).length);
  if (at.carer === carer && at.index === within) return;
  moving.value = { ...at, carer, index: within, answer: null, isWanted: false, isRefused: false };
  void look(day);
}

export function stopMoving(): void {
  if (moving.value === null) return;
  asked?.abort();
  moving.value = null;
  announced.value = words.value.notMoved;
}

/** It is on its way to the store. */
const isKept = (at: Moving): boolean => at.isWanted && at.answer !== null;

/** Keeps the move as a plan made by hand, and goes on with that: when it is known to break nothing, and not otherwise. */
export async function acceptMove(day: DayPlan): Promise<void> {
  const [at, plan, w] = [moving.value, planId.value, words.value];
  if (at === null || plan === null || isKept(at)) return;
  if (at.carer === at.from && at.index === at.home) {
    stopMoving();
  } else if (at.answer !== null && at.answer.breaches.length > 0) {
    moving.value = { ...at, isRefused: true };
    announced.value = `${w.breaksRules(at.answer.breaches.length)}. ${w.notMoved}`;
  } else {
    moving.value = { ...at, isWanted: true };
    if (at.answer === null) return;
    const kept = await tried(async () => {
      await goOnWith(await service.revise(plan, [moveOf(day, at)]));
      return true;
    });
    if (kept === true) announced.value = w.moved(at.patient, at.carer);
    moving.value = kept === true ? null : { ...at, isWanted: false };
  }
}

/** A key while something is moved; whether it was for that. */
export function moveKey(event: KeyboardEvent, day: DayPlan): boolean {
  const at = moving.value;
  if (at === null) return false;
  const row = day.lanes.findIndex((lane) => lane.carer === at.carer);
  const start = startOf(day, at.visit);
  const toLane = (lane: Lane | undefined): void => {
    if (lane !== undefined) moveTo(day, lane.carer, indexAt(lane, at.visit, start));
  };
  switch (event.key) {
    case 'ArrowUp': toLane(day.lanes[row - 1]); break;
    case 'ArrowDown': toLane(day.lanes[row + 1]); break;
    case 'ArrowLeft': moveTo(day, at.carer, at.index - 1); break;
    case 'ArrowRight': moveTo(day, at.carer, at.index + 1); break;
    case 'Enter': void acceptMove(day); break;
    case 'Escape': stopMoving(); break;
    default: return false;
  }
  event.preventDefault();
  return true;
}
