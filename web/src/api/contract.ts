// What the service says, as far as the page reads it. docs/API.md and /openapi.json are the source.

/** A sentence of the service in its two languages. */
export interface Told { detail: string; detailNb: string }

export interface Session {
  unit: string;
  who: string;
  name: string | null;
  scopes: string[];
  csrfToken: string | null;
}

export interface Limits { visits: number; searchSeconds: number }

export interface ListInShort { id: string; version: number; day: string; received: string }

export type Shift = 'day' | 'evening' | 'night';

/** How far a search is; `cost` and `bound` in tenths of a weighted second. */
export interface Progress { permille: number; iterations: number; leftOut: number; cost?: number; bound?: number }

export type PlanState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface PlanRow {
  id: string;
  list: string;
  day: string;
  shift: Shift;
  profile: string;
  seed: number;
  seconds: number;
  state: PlanState;
  reason?: string;
  created: string;
  finished?: string;
  workLists: number;
  progress?: Progress;
  stale: boolean;
  from?: string;
  byHand?: boolean;
}

export interface Published {
  day: string;
  shift: Shift;
  plan: string | null;
  revision: number;
  changed: string | null;
  changedBy?: string | null;
}

export type Criticality = 'time-critical' | 'important' | 'normal' | 'optional';
export type Mode = 'car' | 'ebike' | 'bike' | 'foot';

/** The visit list, of which only this is looked at. */
export interface VisitList {
  listId: string;
  version: number;
  day: string;
  locations: Location[];
  patients: { ref: string; location: string }[];
  visits: ListVisit[];
  carers: ListCarer[];
}

export interface Location {
  id: string;
  position?: { lat: number; lon: number };
  address?: { street?: string; number?: number; letter?: string };
}

export interface ListWindow { earliestStart: string; latestStart: string }

export interface ListVisit {
  id: string;
  patient: string;
  /** The same for everybody, or with those named who take another time. */
  durationMinutes: number | { usual: number };
  window?: ListWindow;
  windows?: ListWindow[];
  criticality?: Criticality;
  carers?: number;
  skills?: { allOf?: string[]; anyOf?: string[] };
  status?: string;
  location?: string;
  continuity?: { primary?: string; known?: string[] };
  pinned?: { carer?: string; start?: string };
}

export interface ListCarer {
  ref: string;
  skills?: string[];
  shift: { start: string; end: string };
  travel?: { mode: Mode };
}

export interface Way { minutes: number; metres: number }

export type Stop =
  | { kind: 'base'; location: string; travel?: Way; arrive?: string; leave?: string }
  | {
      kind: 'visit'; visit: string; patient: string; location: string; travel: Way;
      arrive: string; wait: number; start: string; leave: string; lateMinutes: number; with: string[];
    }
  | { kind: 'break' | 'key'; location: string; travel: Way; start: string; leave: string };

export interface WorkList {
  carer: string;
  mode: Mode;
  vehicle?: string;
  start: string;
  end: string;
  stops: Stop[];
}

export interface Unassigned {
  visit: string;
  reason: Told & { code: string; ruledOut: { rule: string; carers: string[] }[] };
}

export interface Notice extends Told { code: string; visit?: string; carer?: string }

/** A figure of the plan: a number, or one for each way of travelling, criticality or end of a spread. */
export type Amount = number | null | Record<string, number>;

export interface Kpi {
  shareOfPaid: Record<string, number>;
  definitions: Record<string, { en: string; nb: string }>;
  [figure: string]: Amount | Record<string, number> | Record<string, { en: string; nb: string }>;
}

/** plan.json */
export interface Plan {
  planId: string;
  listId: string;
  version: number;
  made: { solver: string; seed: number; iterations: number; seconds?: number; map: string; profile: string };
  score: { total: number; parts: Record<string, number> };
  bound?: { total: number };
  gap?: number;
  workLists: WorkList[];
  unassigned: Unassigned[];
  rejected: { visit?: string; carer?: string; patient?: string; location?: string; faults: Told[] }[];
  warnings: Notice[];
  kpi: Kpi;
}

/** What a plan costs more than another: minutes, and weighted minutes for the whole; told in a sentence. */
export interface Difference extends Told {
  travelMinutes: number;
  waitingMinutes: number;
  lateMinutes: number;
  overtimeMinutes: number;
  continuity: number;
  cost: number;
}

/** A visit that is not as it was. */
export interface Moved {
  visit: string;
  before: { carers: string[]; start: string } | null;
  after: { carers: string[]; start: string } | null;
}

/** A plan with a visit moved, tried and not kept. */
export interface MoveTried { difference: Difference; breaches: Notice[]; moved: Moved[] }

/** A seat for a visit: with whom, when, and before which visit. */
export interface Seat { carer: string; start: string; lateMinutes: number; behind: string | null; before: string | null }

/** One way to make a visit, with what else moves. */
export interface Fit { seats: Seat[]; difference: Difference; moved: Moved[] }

/** Somebody else for a visit: what it would come to, or the rule that keeps them away. */
export interface Alternative extends Told { carer: string; insteadOf?: string; rule?: string; difference?: Difference; moved?: Moved[] }

/** A change that would let a visit in, tried. */
export interface WouldFit { kind: string; change: string; changeNb: string; minutes?: number; carer?: string }

/** Why a visit is where it is, or nowhere. */
export type Explanation =
  | { state: 'assigned'; visit: string; seats: Seat[]; alternatives: Alternative[] }
  | { state: 'unassigned'; visit: string; reason: Told; fits?: Fit; wouldFit: WouldFit[] };

/** One version of a profile: prices and limits under their names. */
export interface Profile {
  name: string;
  version: number;
  weights: Weights;
  changed?: string;
  changedBy?: string;
}

export interface Weights { [name: string]: number | string[] | Weights }

/** What a plan comes to by other weights. */
export interface Weighing { breaches: Notice[]; score: { total: number; parts: Record<string, number> } }

/** Who comes, and when. */
export interface Coming { carers: string[]; start: string }

/** A plan made by hand, held against its list and beside another plan. */
export interface Evaluation {
  breaches: Notice[];
  score: { total: number; parts: Record<string, number> };
  workLists: WorkList[];
  unassigned: { visit: string }[];
  beside?: { difference: Difference };
}

/** What a plan changes for people against another. */
export interface Changes {
  patients: number;
  changes: (Told & { visit: string; patient?: string; kinds: string[]; before?: Coming; after?: Coming })[];
}

/** One work list by itself. */
export interface OneWorkList { listId: string; version: number; day: string; workList: WorkList }

/** GeoJSON, as much of it as a map needs. */
export interface Lines {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    geometry: { type: 'LineString'; coordinates: [number, number][] };
    properties: { stop: number; seconds: number; metres: number };
  }[];
}
