// Going about the timeline by keyboard and by click: one visit at a time has the focus, arrows go to the
// next one on the lane or to the nearest in time on the lane above or below.
import type { DayPlan } from '../model/day';
import { chosen, chosenLane } from '../state';
import { moveKey, startMove } from '../change/move';

let box: HTMLElement | null = null;
/** The visit that has the focus, or had it when its cell went away. */
let held: string | null = null;

const cell = (id: string, carer: string): HTMLElement | null =>
  box?.querySelector<HTMLElement>(`[data-carer="${CSS.escape(carer)}"] [data-visit="${CSS.escape(id)}"]`) ?? null;

/** One visit at a time is in the order of the Tab key. */
function reach(target: HTMLElement): void {
  for (const other of box?.querySelectorAll<HTMLElement>('[data-visit][tabindex="0"]') ?? []) other.tabIndex = -1;
  target.tabIndex = 0;
}

/** Where the focus is: which lane and which visit on it. */
function placeOf(element: Element, day: DayPlan): { lane: number; index: number } | null {
  const id = element.closest<HTMLElement>('[data-visit]')?.dataset['visit'];
  const carer = element.closest<HTMLElement>('[role=row]')?.dataset['carer'];
  const lane = day.lanes.findIndex((one) => one.carer === carer);
  const index = day.lanes[lane]?.visits.findIndex((visit) => visit.id === id) ?? -1;
  return lane < 0 || index < 0 ? null : { lane, index };
}

function goTo(day: DayPlan, lane: number, index: number): void {
  const to = day.lanes[lane];
  const visit = to?.visits[index];
  if (to === undefined || visit === undefined) return;
  const element = cell(visit.id, to.carer);
  element?.focus();
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** The next lane that way with a visit, and its visit nearest in time. */
function across(day: DayPlan, from: { lane: number; index: number }, by: 1 | -1): void {
  const start = day.lanes[from.lane]?.visits[from.index]?.start ?? 0;
  for (let lane = from.lane + by; lane >= 0 && lane < day.lanes.length; lane += by) {
    const visits = day.lanes[lane]?.visits ?? [];
    if (visits.length === 0) continue;
    const nearest = visits.reduce((best, visit) =>
      Math.abs(visit.start - start) < Math.abs(best.start - start) ? visit : best);
    goTo(day, lane, nearest.index);
    return;
  }
}

export const walk = {
  attach(element: HTMLElement): void { box = element; },

  focus(event: FocusEvent): void {
    const target = (event.target as Element).closest<HTMLElement>('[data-visit]');
    if (target === null) return;
    held = target.dataset['visit'] ?? null;
    reach(target);
  },

  /** To something else, that is; a cell that is drawn elsewhere goes without a word. */
  blur(event: FocusEvent): void { if (event.relatedTarget !== null) held = null; },

  /** After another plan has been drawn: the focus stays with its visit, and one can get at the timeline by Tab. */
  drawn(): void {
    const same = held === null ? null : box?.querySelector<HTMLElement>(`[data-visit="${CSS.escape(held)}"]`) ?? null;
    if (same !== null && document.activeElement === document.body) same.focus({ preventScroll: true });
    const first = box?.querySelector<HTMLElement>('[data-visit][tabindex="0"]') ?? box?.querySelector<HTMLElement>('[data-visit]');
    if (first !== null && first !== undefined) reach(first);
  },

  click(event: MouseEvent): void {
    const target = event.target as Element;
    const id = target.closest<HTMLElement>('[data-visit]')?.dataset['visit'];
    const lane = target.closest<HTMLElement>('[data-lane]')?.dataset['lane'];
    if (id !== undefined) {
      chosen.value = id;
    } else if (lane !== undefined) {
      chosenLane.value = chosenLane.value === Number(lane) ? null : Number(lane);
    }
  },

  key(event: KeyboardEvent, day: DayPlan): void {
    const at = placeOf(event.target as Element, day);
    if (at === null || moveKey(event, day)) return;
    const lane = day.lanes[at.lane];
    switch (event.key) {
      case 'ArrowRight': goTo(day, at.lane, at.index + 1); break;
      case 'ArrowLeft': goTo(day, at.lane, at.index - 1); break;
      case 'ArrowDown': across(day, at, 1); break;
      case 'ArrowUp': across(day, at, -1); break;
      case 'Home': goTo(day, event.ctrlKey ? 0 : at.lane, 0); break;
      case 'End': {
        const last = event.ctrlKey ? day.lanes.length - 1 : at.lane;
        goTo(day, last, (day.lanes[last]?.visits.length ?? 0) - 1);
        break;
      }
      case 'Enter': case ' ': chosen.value = lane?.visits[at.index]?.id ?? null; break;
      case 'm': case 'M': {
        const visit = lane?.visits[at.index];
        if (lane !== undefined && visit !== undefined) startMove(day, visit.id, visit.patient, lane.carer);
        break;
      }
      case 'Escape': chosen.value = null; break;
      default: return;
    }
    event.preventDefault();
  },
};
