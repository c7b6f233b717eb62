// What is different for people from one plan to another: who comes, and when.
import type { DayPlan } from './day';
import type { Minutes } from './clock';

export interface Change {
  visit: string;
  patient: string;
  /** Who came and when; nobody for one that was left out. */
  before: { carers: string[]; start: Minutes } | null;
  after: { carers: string[]; start: Minutes } | null;
  /** How many minutes later it begins; 0 where it is on one of the two only. */
  later: Minutes;
  isOther: boolean;
}

/** Earlier or later by less than this is the same to a patient. */
const SAME: Minutes = 5;

type Standing = Change['before'];

function standing(day: DayPlan, visit: string): Standing {
  const places = day.where.get(visit);
  if (places === undefined || places[0] === undefined) return null;
  return { carers: places.map(({ lane }) => lane.carer).toSorted(), start: places[0].visit.start };
}

/** The visits with another carer, another time, or on one of the two plans only; in the order of the day. */
export function changesBetween(before: DayPlan, after: DayPlan): Change[] {
  const names = new Map<string, string>();
  for (const day of [before, after]) {
    for (const lane of day.lanes) for (const visit of lane.visits) names.set(visit.id, visit.patient);
    for (const left of day.left) names.set(left.id, left.patient);
  }
  const changes: Change[] = [];
  for (const [visit, patient] of names) {
    const [was, is] = [standing(before, visit), standing(after, visit)];
    const isOther = was !== null && is !== null && was.carers.join(' ') !== is.carers.join(' ');
    const later = was === null || is === null ? 0 : is.start - was.start;
    const isNew = (was === null) !== (is === null);
    if (isOther || isNew || Math.abs(later) >= SAME) changes.push({ visit, patient, before: was, after: is, later, isOther });
  }
  const first = (change: Change): Minutes => change.before?.start ?? change.after?.start ?? 0;
  return changes.sort((one, other) => first(one) - first(other));
}
