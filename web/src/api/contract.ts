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

export interface Limits { visits: number; searchSeconds: number; profiles: string[] }

export interface ListInShort { id: string; version: number; day: string; received: string }

export type Shift = 'day' | 'evening' | 'night';

export interface Progress { permille: number; iterations: number; leftOut: number; cost?: number }

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

export interface ListVisit {
  id: string;
  patient: string;
  durationMinutes: number;
  window: { earliestStart: string; latestStart: string };
  criticality?: Criticality;
  carers?: number;
  skills?: { allOf?: string[] };
  status?: string;
  location?: string;
  continuity?: { primary?: string; known?: string[] };
  pinned?: { carer?: string };
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
  wouldFit?: Told & { carer?: string };
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
