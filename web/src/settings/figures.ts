// The figures of a profile under their paths (`late.normal`), in the groups that they are told in, and how
// much of what each is for there is in a plan. What a plan comes to by them, the service counts.
import type { Plan, Weights } from '../api/contract';

export type Figures = Map<string, number>;
/** What a skill counts as besides itself. */
export type Skills = Map<string, string[]>;

/** What a bydel settles, as it is edited. */
export interface Settled { figures: Figures; skills: Skills }

/** How a figure is meant, and what it may be. */
export type Unit = 'weight' | 'minutes' | 'percent';

export const GROUPS = [
  { key: 'weights', paths: [
    'travel', 'waiting', 'overtime', 'late.important', 'late.normal', 'late.optional', 'optionalLeftOut', 'notPrimary', 'notKnown', 'newFace',
  ] },
  { key: 'promises', paths: ['changes.otherCarer', 'changes.otherTime', 'changes.tolerance'] },
  { key: 'limits', paths: ['lateLimit.timeCritical', 'lateLimit.important', 'lateLimit.normal', 'lateLimit.optional', 'buffer'] },
  { key: 'ways', paths: ['ways.car', 'ways.ebike', 'ways.bike', 'ways.foot'] },
  { key: 'workingTime', paths: [
    'workingTime.breakAfter', 'workingTime.fullBreakAfter', 'workingTime.fullBreak', 'workingTime.longAfter',
    'workingTime.ordinaryDay', 'workingTime.longestDay', 'workingTime.dailyRest',
  ] },
] as const;

export function unitOf(path: string): Unit {
  if (path.startsWith('ways.')) return 'percent';
  const isTime = path === 'buffer' || path === 'changes.tolerance' || path.startsWith('lateLimit.') || path.startsWith('workingTime.');
  return isTime ? 'minutes' : 'weight';
}

/** Between which numbers a figure lies, and in which steps. */
export function rangeOf(path: string): { min: number; max: number; step: number | 'any' } {
  switch (unitOf(path)) {
    case 'percent': return { min: 25, max: 400, step: 1 };
    case 'minutes': return { min: 0, max: path.startsWith('workingTime.') ? 1440 : 720, step: 1 };
    case 'weight': return { min: 0, max: 1000, step: 'any' };
  }
}

/** A minute of waiting that is dearer than a late one, or than overtime, makes plans come late on purpose. */
export const waitingIsTooDear = (figures: Figures): boolean =>
  ['late.important', 'late.normal', 'late.optional', 'overtime'].some((path) => (figures.get('waiting') ?? 0) > (figures.get(path) ?? 0));

/** A profile taken apart; what one of before these figures does not say is as in the standard one. */
export function settledBy(weights: Weights, standard: Weights): Settled {
  const figures: Figures = new Map([...flat(standard), ...flat(weights)]);
  const skills: Skills = new Map();
  for (const [skill, others] of Object.entries((weights['skills'] ?? {}) as Record<string, string[]>)) skills.set(skill, others);
  return { figures, skills };
}

function flat(weights: Weights, under = ''): [string, number][] {
  return Object.entries(weights).flatMap(([name, told]): [string, number][] =>
    typeof told === 'number' ? [[under + name, told]] : Array.isArray(told) ? [] : flat(told, `${under}${name}.`));
}

/** Put together again. */
export function weightsOf({ figures, skills }: Settled): Weights {
  const weights: Weights = { skills: Object.fromEntries([...skills].filter(([, others]) => others.length > 0)) };
  for (const [path, figure] of figures) {
    const [name = '', part] = path.split('.');
    if (part === undefined) weights[name] = figure;
    else weights[name] = { ...(weights[name] as Weights | undefined), [part]: figure };
  }
  return weights;
}

/** How much of what a figure is for there is in a plan: minutes or visits; `null` where none tells. */
export function amountIn(told: Plan, path: string): number | null {
  const { kpi } = told;
  const one = (name: string): number | null => (typeof kpi[name] === 'number' ? kpi[name] : null);
  const part = (name: string, of: string): number | null => (kpi[name] as Record<string, number> | undefined)?.[of] ?? null;
  const [group, of = ''] = path.split('.');
  switch (group) {
    case 'travel': return one('travelMinutes');
    case 'waiting': return one('waitingMinutes');
    case 'overtime': return one('overtimeMinutes');
    case 'optionalLeftOut': return part('unassigned', 'optional');
    case 'late': return part('lateMinutes', of);
    case 'ways': return minutesOnTheWay(told, of);
    default: return null;
  }
}

const minutesOnTheWay = (told: Plan, mode: string): number => told.workLists.filter((list) => list.mode === mode)
  .flatMap((list) => list.stops).reduce((sum, stop) => sum + (stop.travel?.minutes ?? 0), 0);

/** What is otherwise in one than in the other: a figure by its path, or a skill by its name. */
export function differences(before: Settled, after: Settled): { path: string; before: string | number; after: string | number; isSkill: boolean }[] {
  const figures = [...after.figures].flatMap(([path, now]) => {
    const was = before.figures.get(path);
    return was === undefined || was === now ? [] : [{ path, before: was, after: now, isSkill: false }];
  });
  const told = (skills: Skills, name: string): string => (skills.get(name) ?? []).toSorted().join(', ') || '–';
  const names = [...new Set([...before.skills.keys(), ...after.skills.keys()])].toSorted();
  const skills = names.map((path) => ({ path, before: told(before.skills, path), after: told(after.skills, path), isSkill: true }));
  return [...figures, ...skills.filter((one) => one.before !== one.after)];
}
