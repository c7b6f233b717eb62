// Every call that the page makes, by what it is for.
import type {
  Limits, Lines, ListInShort, OneWorkList, Plan, PlanRow, Published, Session, Shift, VisitList,
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
export interface Order { list: string; shift: Shift; profile: string; seconds: number }

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
