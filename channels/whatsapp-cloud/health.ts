import type { AccountHealth, CallOptions, HealthCheck } from '../contract.ts';
import { ChannelError } from '../failure.ts';
import { asList, asObject, asText, type JsonObject } from '../readJson.ts';
import type { Transport } from '../transport.ts';
import type { WhatsappCloudAccount } from './account.ts';
import { graphRequest } from './graphRequest.ts';
import { graphVersionWarning } from './graphVersion.ts';

const phoneFields = 'display_phone_number,verified_name,status,account_mode,quality_rating,name_status,health_status';
const wabaFields = 'name,account_review_status,business_verification_status,message_template_namespace,health_status';

/** One call whose refusal is a finding. Only what says nothing about the account (network, 5xx) is thrown on. */
async function ask(
  account: WhatsappCloudAccount,
  name: string,
  path: string,
  fields: string,
  judge: (facts: JsonObject) => { ok: boolean; words: string },
  transport: Transport,
  options: CallOptions,
): Promise<HealthCheck> {
  try {
    const facts = await graphRequest(account, { method: 'GET', path, query: { fields } }, transport, options);
    return { name, ...judge(facts), facts };
  } catch (error) {
    if (!(error instanceof ChannelError) || error.failure.kind === 'transient') throw error;
    const { words, code, detail } = error.failure;
    return { name, ok: false, words, facts: { code, ...(detail === undefined ? {} : { detail }) } };
  }
}

function judgeNumber(facts: JsonObject): { ok: boolean; words: string } {
  const status = asText(facts.status) ?? 'unknown';
  const name = asText(facts.name_status);
  if (status !== 'CONNECTED') {
    return {
      ok: false,
      words: `The number's status is ${status} instead of CONNECTED. Register it in WhatsApp Manager.`,
    };
  }
  if (name === 'PENDING_REVIEW') {
    return {
      ok: true,
      words: 'Connected. The display name is still in review, so Meta limits what the number may send.',
    };
  }
  const mode = asText(facts.account_mode);
  return { ok: true, words: mode === 'SANDBOX' ? 'Connected, as a test number.' : 'Connected.' };
}

function judgeWaba(facts: JsonObject): { ok: boolean; words: string } {
  const review = asText(facts.account_review_status) ?? 'unknown';
  const business = asText(facts.business_verification_status) ?? 'unknown';
  const ok = review === 'APPROVED';
  const verified = business.toLowerCase() === 'verified';
  const words = `Account review: ${review}. Business verification: ${business}.`;
  return { ok, words: ok && verified ? words : `${words} See Meta Business Settings, Security Center.` };
}

type Sending = AccountHealth['sending'];

/** The overall answer of `health_status`, and its reasons for each entity (“Messaging health status”). */
function readHealthStatus(facts: JsonObject): { sending: Sending; checks: HealthCheck[] } {
  const status = asObject(facts.health_status);
  const words: Readonly<Record<string, Sending>> = { AVAILABLE: 'available', LIMITED: 'limited', BLOCKED: 'blocked' };
  const overall = asText(status.can_send_message) ?? '';
  const checks = asList(status.entities).map((each) => {
    const entity = asObject(each);
    const can = asText(entity.can_send_message) ?? 'unknown';
    const errors = asList(entity.errors).map((error) => {
      const { error_description, possible_solution } = asObject(error);
      return [asText(error_description), asText(possible_solution)].filter((text) => text !== undefined).join(' ');
    });
    const reasons = [...asList(entity.additional_info).map((info) => asText(info) ?? ''), ...errors].filter(Boolean);
    return {
      name: `sending:${(asText(entity.entity_type) ?? 'entity').toLowerCase()}`,
      ok: can !== 'BLOCKED',
      words: reasons.length > 0 ? reasons.join(' ') : `Sending is ${can.toLowerCase()}.`,
      facts: entity,
    };
  });
  return { sending: Object.hasOwn(words, overall) ? (words[overall] ?? 'unknown') : 'unknown', checks };
}

/**
 * The three calls of spec D3: who the token is, whether the number is connected, whether the account is approved.
 * @throws ChannelError only when Meta could not be asked
 */
export async function checkAccount(
  account: WhatsappCloudAccount,
  transport: Transport,
  options: CallOptions = {},
  now = new Date(),
): Promise<AccountHealth> {
  const identity = await ask(
    account,
    'token',
    'me',
    'id,name',
    (facts) => ({
      ok: true,
      words: `The token acts as ${asText(facts.name) ?? 'an unnamed user'} (${asText(facts.id) ?? 'no id'}).`,
    }),
    transport,
    options,
  );
  const number = await ask(account, 'number', account.phoneNumberId, phoneFields, judgeNumber, transport, options);
  const checks = [identity, number];
  if (account.wabaId !== undefined) {
    checks.push(await ask(account, 'account', account.wabaId, wabaFields, judgeWaba, transport, options));
  }
  const health = readHealthStatus(number.facts);
  checks.push(...health.checks);
  const version = graphVersionWarning(now);
  if (version !== null) checks.push({ name: 'graph_version', ok: true, words: version, facts: {} });
  const displayName = asText(number.facts.verified_name);
  const displayAddress = asText(number.facts.display_phone_number);
  return {
    ok: checks.every((check) => check.ok),
    sending: health.sending,
    ...(displayName === undefined ? {} : { displayName }),
    ...(displayAddress === undefined ? {} : { displayAddress }),
    checks,
  };
}
