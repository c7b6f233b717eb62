// Every call that the page makes, by what it is for.
import type {
  Changes, Evaluation, Explanation, Fit, Limits, Lines, ListInShort, MoveTried, OneWorkList, Plan, PlanRow, Profile, Published, Session, Shift,
  VisitList, Weighing, Weights,
} from './contract';
import { ask, askTagged, onceKey, useSecret } from './http';

/** The session that the cookie stands for. */
export async function session(): Promise<Session> {
  const told = await ask<Session>('/v1/session');
  useSecret(told.csrfToken);
  return told;
}

/** Shows a token once; from then on the cookie stands for it. */
export async function logIn(token: string): Promise<Session> {
  await ask('/v1/session', { method: 'POST', body: { token } });
  return session();
}

export const logOut = (): Promise<unknown> => ask('/v1/session', { method: 'DELETE' });

export const limits = (): Promise<Limits> => ask('/v1/limits');

export const listsOf = async (day: string): Promise<ListInShort[]> =>
  (await ask<{ lists: ListInShort[] }>(`/v1/visit-lists?day=${day}`)).lists;

export const sendList = (text: string): Promise<{ id: string; intake: { day: string } }> =>
  ask('/v1/visit-lists', { method: 'POST', body: text, headers: onceKey() });

export const listContent = (id: string): Promise<VisitList> => ask(`/v1/visit-lists/${id}/content`);

export const plansOf = async (day: string): Promise<PlanRow[]> =>
  (await ask<{ plans: PlanRow[] }>(`/v1/plans?day=${day}`)).plans;

export const planRow = (id: string): Promise<PlanRow> => ask(`/v1/plans/${id}`);

export const planContent = (id: string): Promise<Plan> => ask(`/v1/plans/${id}/content`);

/** What a plan is to be made of. */
export interface Order {
  list: string;
  shift: Shift;
  profile: string;
  seconds: number;
  /** So many rounds at the most. */
  iterations?: number;
  /** The plan that people know, and what the clock shows: as little as can be is changed of it. */
  from?: string;
  now?: string;
  /** How many people may be disturbed besides those who must be. */
  maxChanges?: number;
}

export const makePlan = async (order: Order): Promise<string> =>
  (await ask<{ id: string }>('/v1/plans', { method: 'POST', body: order, headers: onceKey() })).id;

/** Takes the best plan so far. */
export const enough = (id: string): Promise<void> => ask(`/v1/plans/${id}/enough`, { method: 'POST' });

export const cancel = (id: string): Promise<void> => ask(`/v1/plans/${id}`, { method: 'DELETE' });

/** Follows a plan until it is final; gives a way to stop following. */
export function follow(id: string, told: (plan: PlanRow) => void): () => void {
  const events = new EventSource(`/v1/plans/${id}/events`);
  events.addEventListener('plan', (event) => {
    const plan = JSON.parse((event as MessageEvent<string>).data) as PlanRow;
    if (plan.state !== 'queued' && plan.state !== 'running') events.close();
    told(plan);
  });
  return () => events.close();
}

/** A visit to other carers: before another visit on their lists, at the end (`null`), or where it costs least. */
export interface Move { visit: string; carers: string[]; before?: string | null }

/** What moves would cost and break; nothing is kept. */
export const tryMoves = (plan: string, moves: Move[], signal: AbortSignal): Promise<MoveTried> =>
  ask(`/v1/plans/${plan}/moves`, { method: 'POST', body: { moves }, signal });

/** Keeps moves as a plan made by hand beside the old one. */
export const revise = async (plan: string, moves: Move[]): Promise<string> =>
  (await ask<{ id: string }>(`/v1/plans/${plan}/revisions`, { method: 'POST', body: { moves }, headers: onceKey() })).id;

/** What a plan changes for people against another. */
export const changes = (plan: string, from: string): Promise<Changes> => ask(`/v1/plans/${plan}/changes?from=${from}`);

/** Sends what is new on a list as its next version. */
export const changeList = (id: string, change: object): Promise<{ id: string }> =>
  ask(`/v1/visit-lists/${id}`, { method: 'PATCH', body: change, headers: onceKey() });

/** The plan once nothing will change any more. */
export const ended = (id: string): Promise<PlanRow> =>
  new Promise((done) => {
    follow(id, (row) => { if (row.state !== 'queued' && row.state !== 'running') done(row); });
  });

/** Holds a plan made by hand against its list, beside one of ours. */
export const evaluate = (list: string, beside: string, roster: string): Promise<Evaluation> =>
  ask(`/v1/visit-lists/${list}/evaluations?beside=${beside}`, { method: 'POST', body: roster });

/** Why a visit is where it is, and who else could make it. */
export const explanation = (plan: string, visit: string): Promise<Explanation> =>
  ask(`/v1/plans/${plan}/visits/${encodeURIComponent(visit)}/explanation`);

/** Where a new visit would fit, best first. */
export const suggest = async (plan: string, visit: object): Promise<Fit[]> =>
  (await ask<{ suggestions: Fit[] }>(`/v1/plans/${plan}/suggestions?top=5`, { method: 'POST', body: visit })).suggestions;

/** All versions of all profiles, and the name of the one that holds where none is chosen. */
export const profiles = (): Promise<{ usual: string; profiles: Profile[] }> => ask('/v1/profiles');

/** Makes the next version of a profile; `read` is the one that was looked at, 0 for a new one. */
export const setProfile = (name: string, read: number, weights: Weights): Promise<void> =>
  ask(`/v1/profiles/${name}`, { method: 'PUT', headers: { 'If-Match': `"r${read}"` }, body: { weights } });

/** What a plan would come to by these. */
export const weigh = (plan: string, weights: Weights): Promise<Weighing> =>
  ask(`/v1/plans/${plan}/weighings`, { method: 'POST', body: { weights } });

const slot = (day: string, shift: Shift): string => `/v1/published/${day}/${shift}`;

export const published = (day: string, shift: Shift): Promise<{ told: Published; etag: string }> =>
  askTagged(slot(day, shift));

export const publish = (
  day: string, shift: Shift, etag: string, plan: string, acknowledgeStale: boolean,
): Promise<{ told: Published; etag: string }> =>
  askTagged(slot(day, shift), {
    method: 'PUT', headers: { 'If-Match': etag }, body: { plan, acknowledgeStale },
  });

export const withdraw = (day: string, shift: Shift, etag: string): Promise<{ told: Published; etag: string }> =>
  askTagged(slot(day, shift), { method: 'DELETE', headers: { 'If-Match': etag } });

export const workList = (plan: string, number: number): Promise<OneWorkList> =>
  ask(`/v1/plans/${plan}/work-lists/${number}`);

export const ways = (plan: string, number: number): Promise<Lines> =>
  ask(`/v1/plans/${plan}/ways/${number}`);
