// Taking back and doing again. A plan never changes, so what is taken back is which plan one looks at.
import { computed, signal } from '@preact/signals';
import { route } from '../route';
import { announced, planId, refreshPlans, show, tried } from '../state';
import { words } from '../words';

const before = signal<string[]>([]);
const after = signal<string[]>([]);

export const canUndo = computed(() => before.value.length > 0);
export const canRedo = computed(() => after.value.length > 0);

/** Puts a plan that was made of the one on the screen in its place. */
export async function goOnWith(id: string): Promise<void> {
  const from = planId.value;
  await refreshPlans();
  await show(id);
  if (from !== null) before.value = [...before.value, from];
  after.value = [];
}

async function step(from: typeof before, to: typeof after, told: string): Promise<void> {
  const id = from.value.at(-1);
  const now = planId.value;
  if (id === undefined || now === null) return;
  await tried(async () => {
    await show(id);
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, now];
    announced.value = told;
  });
}

export const undo = (): Promise<void> => step(before, after, words.value.undone);
export const redo = (): Promise<void> => step(after, before, words.value.redone);

// Another day has another history.
let day = '';
route.subscribe((at) => {
  if (at.at !== 'day' || at.day === day) return;
  day = at.day;
  [before.value, after.value] = [[], []];
});
