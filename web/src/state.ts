// What the page knows just now. Screens read these signals and call the functions below; nothing else
// is kept anywhere. A plan never changes once it is made, so a change is another plan, and taking it
// back is to look at the one before.
import { batch, computed, signal } from '@preact/signals';
import type { ListInShort, Plan, PlanRow, Published, Session, Shift, VisitList } from './api/contract';
import { Problem } from './api/http';
import * as service from './api/service';
import { dayPlan } from './model/day';

/** `null`: nobody is logged in; `undefined`: not known yet. */
export const session = signal<Session | null | undefined>(undefined);

export const shift = signal<Shift>('day');
export const lists = signal<ListInShort[]>([]);
export const plans = signal<PlanRow[]>([]);
export const published = signal<{ told: Published; etag: string } | null>(null);
/** The plan on the screen. */
export const planId = signal<string | null>(null);
export const plan = signal<Plan | null>(null);
export const list = signal<VisitList | null>(null);
/** The visit that is asked about. */
export const chosen = signal<string | null>(null);
/** The carer whose way is on the map, by the number of the work list. */
export const chosenLane = signal<number | null>(null);
export const loading = signal(false);
/** The service could not be reached when the page began. */
export const isOffline = signal(false);
/** What went wrong last. */
export const trouble = signal<Problem | null>(null);
/** What a screen reader is told next. */
export const announced = signal('');

export const may = (scope: string): boolean => session.value?.scopes.includes(scope) ?? false;

export const shown = computed(() =>
  plan.value !== null && list.value !== null ? dayPlan(plan.value, list.value) : null);

export const planRow = computed(() => plans.value.find((row) => row.id === planId.value) ?? null);

export const chosenLeft = computed(() => shown.value?.left.find((left) => left.id === chosen.value) ?? null);

export const chosenPlaced = computed(() => {
  const id = chosen.value;
  return id === null ? null : shown.value?.where.get(id)?.[0] ?? null;
});

/** Does something with the service; a problem is shown, and nobody has to catch it. */
export async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    trouble.value = null;
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) session.value = null;
    else trouble.value = error;
    return undefined;
  }
}

const rememberedPlans = new Map<string, Promise<Plan>>();
const rememberedLists = new Map<string, Promise<VisitList>>();

function once<T>(remembered: Map<string, Promise<T>>, id: string, read: (id: string) => Promise<T>): Promise<T> {
  const known = remembered.get(id);
  if (known !== undefined) return known;
  const asked = read(id);
  remembered.set(id, asked);
  asked.catch(() => remembered.delete(id));
  return asked;
}

export const readPlan = (id: string): Promise<Plan> => once(rememberedPlans, id, service.planContent);
export const readList = (id: string): Promise<VisitList> => once(rememberedLists, id, service.listContent);

let lastShown = 0;

/** Puts a plan on the screen; of several that are asked for at once, the last. */
export async function show(id: string): Promise<void> {
  const row = plans.value.find((known) => known.id === id);
  if (row === undefined) return;
  lastShown += 1;
  const mine = lastShown;
  const [read, asked] = await Promise.all([readPlan(id), readList(row.list)]);
  if (mine !== lastShown) return;
  batch(() => {
    planId.value = id;
    plan.value = read;
    list.value = asked;
    if (chosen.value !== null && shown.value?.where.get(chosen.value) === undefined && chosenLeft.value === null) {
      chosen.value = null;
    }
  });
}

/** Of which shift. */
let openedShift: Shift | null = null;

/** Reads what there is for the day of the address, and shows the plan that holds, or else the newest; who comes back finds the
    plan that was left. */
export async function openDay(day: string): Promise<void> {
  const isBack = openedDay.value === day && openedShift === shift.value && plan.value !== null;
  loading.value = true;
  openedDay.value = day;
  openedShift = shift.value;
  await tried(async () => {
    const [allLists, allPlans, holds] = await Promise.all([
      service.listsOf(day), service.plansOf(day), service.published(day, shift.value),
    ]);
    const ofShift = allPlans.filter((row) => row.shift === shift.value);
    batch(() => {
      lists.value = allLists;
      plans.value = ofShift;
      published.value = holds;
      if (!isBack) [planId.value, plan.value, list.value, chosen.value, chosenLane.value] = [null, null, null, null, null];
    });
    if (isBack && ofShift.some((row) => row.id === planId.value)) return;
    const done = ofShift.filter((row) => row.state === 'done');
    const best = done.find((row) => row.id === holds.told.plan) ?? done.at(-1);
    if (best !== undefined) await show(best.id);
  });
  loading.value = false;
}

/** The day that is open, or was. */
export const openedDay = signal('');

/** The plans of the day once more, as when one has been made. */
export async function refreshPlans(): Promise<void> {
  plans.value = (await service.plansOf(openedDay.value)).filter((row) => row.shift === shift.value);
}

addEventListener('online', () => { if (isOffline.value) void begin(null); });

/** Begins: with the token that a link brought, or the session there is. */
export async function begin(token: string | null): Promise<void> {
  isOffline.value = false;
  try {
    session.value = await (token === null ? service.session() : service.logIn(token));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    session.value = null;
    isOffline.value = error.status === 0;
    if (error.status !== 401) trouble.value = error;
  }
}
