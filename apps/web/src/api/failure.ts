/** Why a call failed, in the few kinds that a screen treats differently. */
export type FailureKind =
  | 'offline'
  | 'signed-out'
  | 'denied'
  | 'missing'
  | 'conflict'
  | 'invalid'
  | 'too-many'
  | 'server';

/** Every failed call becomes one of these; `message` is the server's own sentence, meant for people. */
export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly hint: string | null;

  constructor(kind: FailureKind, message: string, code = '', hint: string | null = null) {
    super(message);
    this.name = 'ApiFailure';
    this.kind = kind;
    this.code = code;
    this.hint = hint;
  }
}

interface Answer<T> {
  data: T;
  error: {
    message: string;
    code?: string | undefined;
    hint?: string | null | undefined;
    status?: number | undefined;
  } | null;
  status?: number;
}

/** The data of an answer, or throws its error as an ApiFailure. */
export function unwrap<T>(answer: Answer<T>): NonNullable<T> {
  if (answer.error !== null) throw failureFrom(answer.error, answer.status ?? answer.error.status ?? 0);
  if (answer.data === null || answer.data === undefined)
    throw new ApiFailure('missing', 'Nothing was found', 'PGRST116');
  return answer.data;
}

/** For calls whose answer carries nothing: throws when it is an error. */
export function succeed(answer: Answer<unknown>): void {
  if (answer.error !== null) throw failureFrom(answer.error, answer.status ?? answer.error.status ?? 0);
}

export function failureFrom(error: NonNullable<Answer<unknown>['error']>, status: number): ApiFailure {
  return new ApiFailure(
    kindOf(status, error.code ?? '', error.message),
    error.message,
    error.code ?? '',
    error.hint ?? null,
  );
}

function kindOf(status: number, code: string, message: string): FailureKind {
  // supabase-js reports a request that never reached the server with status 0 and the browser's own words.
  if (status === 0 && /fetch|network|load failed/i.test(message)) return 'offline';
  if (code === '42501' || status === 403) return 'denied';
  if (status === 401 || code.startsWith('PGRST3')) return 'signed-out';
  if (status === 404 || code === 'PGRST116' || status === 406) return 'missing';
  if (code === '23505' || status === 409) return 'conflict';
  if (status === 429) return 'too-many';
  if (status >= 400 && status < 500) return 'invalid';
  return status === 0 ? 'offline' : 'server';
}

/** The same for anything that was thrown, such as a rejected upload. */
export function asFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? Number(thrown.status) || 0 : 0;
  return new ApiFailure(kindOf(status, '', message), message);
}
