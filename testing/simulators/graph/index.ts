import Fastify, { type FastifyInstance } from 'fastify';
import { createAgenda } from './agenda.ts';
import { manualClock, systemClock } from './clock.ts';
import type { Core, RecordedCall } from './core.ts';
import { type Customer, createCustomer } from './customer.ts';
import { fail, quickTiming, type Timing } from './delivery.ts';
import { createFaults, type Faults } from './faults.ts';
import { graphId, userIdFor, wamid } from './ids.ts';
import { injectTransport } from './inject.ts';
import type { JsonObject } from './json.ts';
import { createLimits, type LimitOptions, metaLimits } from './limits.ts';
import { createWorld, type OutgoingMessage, type Person, type Template, type World } from './model.ts';
import { body, echo } from './payloads.ts';
import { graphRoutes } from './routes/index.ts';
import { type AccountOptions, addAccount, type SimulatedAccount } from './seed.ts';
import { createWebhooks, type Deliver, deliverByHttp, type Webhooks } from './webhooks.ts';

export type { Customer, Said, SentFile } from './customer.ts';
export type { Fault } from './faults.ts';
export { sampleTemplates } from './seed.ts';
export { sign } from './webhooks.ts';

export interface GraphSimulatorOptions {
  /** `manual` (default): nothing happens until `advance` or `settle`. `automatic`: receipts come by themselves. */
  mode?: 'manual' | 'automatic';
  /** Where a manual clock begins. */
  startAt?: Date;
  appSecret?: string;
  /** The first account; more come by `addAccount`. */
  account?: AccountOptions;
  timing?: Partial<Timing>;
  limits?: Partial<LimitOptions>;
  windowRefusal?: Core['windowRefusal'];
  /** How webhooks are posted; HTTP by default. */
  deliver?: Deliver;
}

export interface CustomerOptions {
  waId: string;
  name?: string;
  username?: string;
  hidesNumber?: boolean;
  reachable?: boolean;
}

export interface GraphSimulator {
  readonly app: FastifyInstance;
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly appSecret: string;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly calls: readonly RecordedCall[];
  readonly limits: LimitOptions;
  readonly timing: Timing;
  now(): number;
  /** Opens a port on loopback and returns the base URL for adapters. */
  listen(port?: number): Promise<string>;
  /** Reaches the API without a port, see `injectTransport`. */
  transport: ReturnType<typeof injectTransport>;
  /** Sets the callback URL after Meta's handshake; throws when it is not answered as it must be. */
  subscribe(subscription: { callbackUrl: string; verifyToken: string; handshake?: boolean }): Promise<void>;
  addAccount(options?: AccountOptions): SimulatedAccount;
  /** A person with a phone; the same number gives the same person. */
  customer(options: CustomerOptions, account?: SimulatedAccount): Customer;
  /** Moves a manual clock and lets everything due on the way happen, in order. */
  advance(ms: number): Promise<void>;
  /** Lets everything planned happen, however far in the future; retries included, up to `maxSteps`. */
  settle(maxSteps?: number): Promise<void>;
  /** Everything sent by the business, oldest first. */
  sent(): OutgoingMessage[];
  /** Fails a message that was accepted, as Meta does by webhook. */
  failMessage(id: string, code: number, details?: string): Promise<void>;
  setToken(state: 'valid' | 'expired' | 'revoked', accessToken?: string): void;
  setTemplateStatus(name: string, language: string, status: Template['status'], reason?: string): Promise<void>;
  setQuality(event: string, currentLimit: string, account?: SimulatedAccount): Promise<void>;
  /** Any other account webhook. */
  postAccountUpdate(field: string, value: JsonObject, account?: SimulatedAccount): Promise<void>;
  /** The business answers from its phone (coexistence). */
  echo(waId: string, content: JsonObject, account?: SimulatedAccount): Promise<string>;
  close(): Promise<void>;
}

async function handshake(callbackUrl: string, verifyToken: string): Promise<void> {
  const challenge = graphId();
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.status !== 200 || text !== challenge) {
    throw new Error(`The callback URL or verify token couldn't be validated: ${answer.status} ${text.slice(0, 200)}`);
  }
}

/** A simulator of Meta's Graph API for WhatsApp Cloud. See README.md for what it knows and how it is driven. */
export function createGraphSimulator(options: GraphSimulatorOptions = {}): GraphSimulator {
  const manual = options.mode === 'automatic' ? undefined : manualClock((options.startAt ?? new Date()).getTime());
  const clock = manual ?? systemClock;
  const appSecret = options.appSecret ?? 'simulated-app-secret';
  const world = createWorld({ id: graphId(), secret: appSecret });
  world.strictIds = manual !== undefined;
  let alarm: NodeJS.Timeout | undefined;
  const agenda = createAgenda(() => wake());
  const webhooks = createWebhooks(world, clock, agenda, options.deliver ?? deliverByHttp);
  const core: Core = {
    world,
    clock,
    agenda,
    webhooks,
    limits: createLimits(clock, { ...metaLimits, ...options.limits }),
    faults: createFaults(),
    timing: { ...quickTiming, ...options.timing },
    windowRefusal: options.windowRefusal ?? 'webhook',
    calls: [],
  };
  const account = addAccount(world, options.account);
  const app = Fastify({ forceCloseConnections: true });
  app.register(async (scope) => graphRoutes(scope, core));

  let working: Promise<unknown> = Promise.resolve();
  /** One at a time: two steps at once would mix the order of receipts. */
  function work<T>(step: () => Promise<T>): Promise<T> {
    const next = working.then(step, step);
    working = next.catch(() => undefined);
    return next;
  }

  function wake(): void {
    if (manual !== undefined) return;
    clearTimeout(alarm);
    const at = agenda.nextAt();
    if (at === undefined) return;
    alarm = setTimeout(() => void work(() => agenda.runDue(clock.now)).then(wake), Math.max(0, at - clock.now()));
    alarm.unref();
  }

  async function runUntil(end: number): Promise<void> {
    for (let at = agenda.nextAt(); at !== undefined && at <= end; at = agenda.nextAt()) {
      manual?.set(at);
      await agenda.runDue(() => Math.max(clock.now(), at ?? 0));
    }
    manual?.set(end);
  }

  function personOf(from: CustomerOptions): Person {
    const known = world.people.get(from.waId);
    const person: Person = known ?? {
      waId: from.waId,
      name: from.name ?? from.waId,
      userId: userIdFor(from.waId),
      username: from.username,
      hidesNumber: from.hidesNumber ?? false,
      reachable: from.reachable ?? true,
      stoppedMarketing: false,
      lastWroteAt: new Map(),
    };
    world.people.set(person.waId, person);
    return Object.assign(person, from.reachable === undefined ? {} : { reachable: from.reachable });
  }

  const postAccountUpdate: GraphSimulator['postAccountUpdate'] = (field, value, at = account) =>
    webhooks.post(body(at.waba.id, field, value, Math.floor(clock.now() / 1000)));

  return {
    app,
    world,
    account,
    appSecret,
    faults: core.faults,
    webhooks,
    calls: core.calls,
    limits: core.limits.options,
    timing: core.timing,
    now: clock.now,
    listen: (port = 0) => app.listen({ host: '127.0.0.1', port }),
    transport: injectTransport(app),
    async subscribe({ callbackUrl, verifyToken, handshake: check = true }) {
      if (check) await handshake(callbackUrl, verifyToken);
      world.subscription = { callbackUrl, verifyToken };
    },
    addAccount: (more) => addAccount(world, more),
    customer: (from, at = account) => createCustomer(core, at.number, personOf(from)),
    advance: (ms) => work(() => runUntil(clock.now() + ms)),
    settle: (maxSteps = 1000) =>
      work(async () => {
        for (let step = 0; step < maxSteps; step += 1) {
          const at = agenda.nextAt();
          if (at === undefined) return;
          await runUntil(at);
        }
      }),
    sent: () => [...world.outgoing.values()],
    async failMessage(id, code, details = 'Something went wrong') {
      const message = world.outgoing.get(id);
      if (message !== undefined) await work(() => fail(core, message, code, details));
    },
    setToken(state, accessToken = account.accessToken) {
      const token = world.tokens.get(accessToken);
      if (token !== undefined) token.state = state;
    },
    async setTemplateStatus(name, language, status, reason) {
      const template = account.waba.templates.find((each) => each.name === name && each.language === language);
      if (template === undefined) throw new Error(`There is no template ${name} in ${language}.`);
      template.status = status;
      await postAccountUpdate('message_template_status_update', {
        event: status,
        message_template_id: template.id,
        message_template_name: name,
        message_template_language: language,
        reason: reason ?? 'NONE',
      });
    },
    setQuality: (event, currentLimit, at = account) =>
      postAccountUpdate(
        'phone_number_quality_update',
        { display_phone_number: at.number.displayNumber, event, current_limit: currentLimit },
        at,
      ),
    postAccountUpdate,
    async echo(waId, content, at = account) {
      const person = personOf({ waId });
      const id = wamid(waId);
      await webhooks.post(echo(at.number, person, id, clock.now(), content));
      return id;
    },
    async close() {
      clearTimeout(alarm);
      agenda.clear();
      await app.close();
    },
  };
}
