// A plan and its list put together into what is drawn: a lane for each carer, in pieces of time one after
// the other. Plain data; knows neither the page nor the service.
import type { Criticality, ListVisit, Mode, Plan, Unassigned, VisitList, WorkList } from '../api/contract';
import { clock, minutesOf, minutesOfEither, type Minutes } from './clock';

export interface Piece {
  kind: 'travel' | 'wait' | 'break' | 'key';
  from: Minutes;
  to: Minutes;
  metres: number;
}

/** When a visit may begin. */
export interface Window { earliest: Minutes; latest: Minutes }

/** A visit where it stands on a lane. */
export interface Placed {
  id: string;
  patient: string;
  location: string;
  /** Where it stands among the visits of its lane, from 0. */
  index: number;
  /** Which stop of the work list it is, from 1. */
  stop: number;
  arrive: Minutes;
  start: Minutes;
  end: Minutes;
  late: Minutes;
  travel: { minutes: number; metres: number };
  wait: Minutes;
  together: string[];
  criticality: Criticality;
  windows: Window[];
  skills: string[];
  pinned: boolean;
}

export interface Lane {
  /** Its number among the work lists, from 1. */
  number: number;
  carer: string;
  mode: Mode;
  skills: string[];
  shift: { from: Minutes; to: Minutes };
  from: Minutes;
  to: Minutes;
  pieces: Piece[];
  visits: Placed[];
}

export interface Left { id: string; patient: string; visit: ListVisit | undefined; windows: Window[]; told: Unassigned }

export interface DayPlan {
  day: string;
  lanes: Lane[];
  left: Left[];
  /** Carers of the list that have no work list. */
  idle: string[];
  from: Minutes;
  to: Minutes;
  positions: Map<string, [number, number]>;
  /** Where each patient lives, by location. */
  homes: Map<string, string>;
  where: Map<string, { lane: Lane; visit: Placed }[]>;
}

export function dayPlan(plan: Plan, list: VisitList): DayPlan {
  const day = list.day;
  const asked = new Map(list.visits.map((visit) => [visit.id, visit]));
  const carers = new Map(list.carers.map((carer) => [carer.ref, carer]));
  const lanes = plan.workLists.map((work, index) => {
    const carer = carers.get(work.carer);
    const shift = carer === undefined
      ? { from: minutesOf(day, work.start), to: minutesOf(day, work.end) }
      : { from: minutesOfEither(day, carer.shift.start), to: minutesOfEither(day, carer.shift.end) };
    if (shift.to < shift.from) shift.to += 1440;
    return { ...laneOf(day, work, asked), number: index + 1, skills: carer?.skills ?? [], shift };
  });
  const out = new Set(lanes.map((lane) => lane.carer));
  const where: DayPlan['where'] = new Map();
  for (const lane of lanes) {
    for (const visit of lane.visits) where.set(visit.id, [...(where.get(visit.id) ?? []), { lane, visit }]);
  }
  const begins = lanes.map((lane) => Math.min(lane.from, lane.shift.from));
  const ends = lanes.map((lane) => Math.max(lane.to, lane.shift.to));
  return {
    day,
    lanes,
    left: plan.unassigned.map((told) => {
      const visit = asked.get(told.visit);
      return { id: told.visit, patient: visit?.patient ?? '', visit, windows: windowsOf(day, visit), told };
    }),
    idle: list.carers.map((carer) => carer.ref).filter((carer) => !out.has(carer)),
    from: Math.floor((begins.length > 0 ? Math.min(...begins) : 420) / 30) * 30,
    to: Math.ceil((ends.length > 0 ? Math.max(...ends) : 960) / 30) * 30,
    positions: new Map(list.locations.flatMap(({ id, position }) =>
      position === undefined ? [] : [[id, [position.lon, position.lat]] as const])),
    homes: new Map(list.patients.map((patient) => [patient.ref, patient.location])),
    where,
  };
}

/** When a visit may begin, as its list says; one that ends before it begins ends the morning after. */
function windowsOf(day: string, visit: ListVisit | undefined): Window[] {
  const told = visit?.windows ?? (visit?.window === undefined ? [] : [visit.window]);
  return told.map(({ earliestStart, latestStart }) => {
    const [earliest, latest] = [minutesOfEither(day, earliestStart), minutesOfEither(day, latestStart)];
    return { earliest, latest: latest < earliest ? latest + 1440 : latest };
  });
}

/** `08:30–11:00, 12:30–14:00`. */
export const windowsTold = (windows: Window[]): string =>
  windows.map(({ earliest, latest }) => `${clock(earliest)}–${clock(latest)}`).join(', ');

/** What the clock shows on that day: on another one than today, when it begins. */
export const clockAt = (day: DayPlan): string =>
  day.day === new Date().toLocaleDateString('sv-SE') ? new Date().toTimeString().slice(0, 5) : clock(day.from);

/** Where a visit stands or, on nobody's list, may begin. */
export const startOf = (day: DayPlan, visit: string): Minutes =>
  day.where.get(visit)?.[0]?.visit.start ?? day.left.find((left) => left.id === visit)?.windows[0]?.earliest ?? 0;

/** How long a visit takes whoever is not named as taking another time. */
export const usualMinutes = ({ durationMinutes: lasts }: ListVisit): number => (typeof lasts === 'number' ? lasts : lasts.usual);

function laneOf(day: string, work: WorkList, asked: Map<string, ListVisit>): Omit<Lane, 'number' | 'skills' | 'shift'> {
  const at = (instant: string): Minutes => minutesOf(day, instant);
  const pieces: Piece[] = [];
  const visits: Placed[] = [];
  let free = at(work.start);
  const go = (way: { minutes: number; metres: number } | undefined, arrive: Minutes): void => {
    if (way === undefined) return;
    // One leaves as late as one can: what is left before the way is waiting where one stands.
    const leave = Math.max(free, arrive - way.minutes);
    if (leave - free >= 1) pieces.push({ kind: 'wait', from: free, to: leave, metres: 0 });
    if (arrive > leave) pieces.push({ kind: 'travel', from: leave, to: arrive, metres: way.metres });
    free = arrive;
  };
  for (const [index, stop] of work.stops.entries()) {
    if (stop.kind === 'base') {
      if (stop.arrive !== undefined) go(stop.travel, at(stop.arrive));
      if (stop.leave !== undefined) free = at(stop.leave);
    } else if (stop.kind === 'visit') {
      const [arrive, start, end] = [at(stop.arrive), at(stop.start), at(stop.leave)];
      go(stop.travel, arrive);
      if (start - arrive >= 0.5) pieces.push({ kind: 'wait', from: arrive, to: start, metres: 0 });
      const visit = asked.get(stop.visit);
      visits.push({
        id: stop.visit, patient: stop.patient, location: stop.location,
        index: visits.length, stop: index + 1, arrive, start, end,
        late: stop.lateMinutes, travel: stop.travel, wait: stop.wait, together: stop.with,
        criticality: visit?.criticality ?? 'normal',
        windows: windowsOf(day, visit),
        skills: visit?.skills?.allOf ?? [],
        pinned: visit?.pinned !== undefined,
      });
      free = end;
    } else {
      const [start, end] = [at(stop.start), at(stop.leave)];
      go(stop.travel, Math.min(start, free + stop.travel.minutes));
      if (start - free >= 1) pieces.push({ kind: 'wait', from: free, to: start, metres: 0 });
      pieces.push({ kind: stop.kind, from: start, to: end, metres: 0 });
      free = end;
    }
  }
  return { carer: work.carer, mode: work.mode, from: at(work.start), to: at(work.end), pieces, visits };
}
