import { redactText } from '@connectgain/http';

/** Throw it where another try cannot help: the job becomes a dead letter at once. The message is what an administrator reads. */
export class GiveUp extends Error {
  override name = 'GiveUp';
}

/** Throw it to choose the pause before the next try; never shorter than Graphile Worker's own e^attempt seconds. */
export class RetryLater extends Error {
  override name = 'RetryLater';
  readonly afterSeconds: number;

  constructor(message: string, afterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.afterSeconds = afterSeconds;
  }
}

const MAX_LENGTH = 2000;

/** An error and its causes as one text without secrets, short enough to keep with the job. */
export function inWords(error: unknown): string {
  const parts: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && at !== null && parts.length < 5;
    at = at instanceof Error ? at.cause : undefined
  ) {
    const text = at instanceof Error ? at.message || at.name : String(at);
    if (text !== '' && !parts.some((part) => part.includes(text))) parts.push(text);
    if (at instanceof AggregateError) {
      for (const one of at.errors.slice(0, 3)) parts.push(one instanceof Error ? one.message : String(one));
    }
  }
  const text = redactText(parts.join(': ') || 'The task failed without saying why.');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
