import type { Agenda } from './agenda.ts';
import type { Clock } from './clock.ts';
import type { Timing } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { Limits } from './limits.ts';
import type { World } from './model.ts';
import type { Webhooks } from './webhooks.ts';

/** One call that the business made, for assertions. */
export interface RecordedCall {
  method: string;
  path: string;
  token: string | undefined;
  body: JsonObject | undefined;
}

/** What the routes and the customers share. */
export interface Core {
  world: World;
  clock: Clock;
  agenda: Agenda;
  webhooks: Webhooks;
  limits: Limits;
  faults: Faults;
  timing: Timing;
  /**
   * How a free message outside the 24 hours is refused: Meta does both, a failed status after 200, or at once.
   */
  windowRefusal: 'webhook' | 'response';
  calls: RecordedCall[];
}

export const WINDOW_MS = 24 * 60 * 60 * 1000;
/** “Media URLs expire after 5 minutes.” */
export const MEDIA_URL_MS = 5 * 60 * 1000;
