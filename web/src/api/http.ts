// One way of asking the service: JSON out, JSON in, and a Problem where something cannot be done.
// The cookie says whose we are; the second secret comes with every change.

/** A fault of what was sent, or a rule that it breaks. */
export interface Wrong { detail: string; detailNb: string; pointer?: string; visit?: string; carer?: string }

/** What the service answers when something cannot be done (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly en: string,
    readonly nb: string,
    readonly errors: Wrong[] = [],
  ) {
    super(code);
  }
}

interface ProblemBody {
  code?: string;
  title?: string;
  titleNb?: string;
  errors?: { faults?: Wrong[]; breaches?: Wrong[] };
}

let secret: string | null = null;

/** The second secret of the session, from now on sent with every change. */
export function useSecret(csrf: string | null): void {
  secret = csrf;
}

interface Wish {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function send(path: string, wish: Wish): Promise<Response> {
  const { method = 'GET', body, headers = {}, signal } = wish;
  const sent: Record<string, string> = { ...headers };
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  if (method !== 'GET' && secret !== null) sent['X-CSRF-Token'] = secret;
  const init: RequestInit = { method, headers: sent };
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  if (signal !== undefined) init.signal = signal;
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'offline', 'The service does not answer.', 'Tjenesten svarer ikke.');
  }
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => ({}))) as ProblemBody;
  const { code = 'internal', title = '', titleNb = '', errors } = told;
  throw new Problem(answer.status, code, title, titleNb, errors?.faults ?? errors?.breaches);
}

/** The JSON that the service answers. */
export async function ask<T>(path: string, wish: Wish = {}): Promise<T> {
  const answer = await send(path, wish);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The JSON, and the ETag that it came with. */
export async function askTagged<T>(path: string, wish: Wish = {}): Promise<{ told: T; etag: string }> {
  const answer = await send(path, wish);
  return { told: (await answer.json()) as T, etag: answer.headers.get('ETag') ?? '' };
}

/** A key by which the service knows a repeated request. */
export const onceKey = (): Record<string, string> => ({ 'Idempotency-Key': crypto.randomUUID() });
