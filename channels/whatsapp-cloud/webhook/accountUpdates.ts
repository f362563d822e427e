import type { AccountUpdate, InboundEvent } from '../../inbound.ts';
import { asMoment, asObject, asText, type JsonObject } from '../../readJson.ts';
import { classifyWebhookErrors } from '../classify.ts';
import { accountOf, type Change, contentKey, keyWithin } from './changes.ts';
import { present } from './content.ts';

type Reading = { update: AccountUpdate; words: string };

/** Meta writes the text NONE where there is no reason. */
function reasonOf(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined || text.toUpperCase() === 'NONE' ? undefined : text;
}

function template(
  value: JsonObject,
  aspect: 'status' | 'quality' | 'category' | 'components',
  after: string | undefined,
  before: string | undefined,
  reason: string | undefined,
): Reading {
  const name = asText(value.message_template_name);
  const language = asText(value.message_template_language);
  const update = present({
    subject: 'template' as const,
    templateId: asText(value.message_template_id),
    name,
    language,
    aspect,
    value: after,
    previous: before,
    reason,
  });
  const title = `Template ${name ?? update.templateId ?? ''}${language === undefined ? '' : ` (${language})`}`;
  const change = after === undefined ? `${aspect} changed` : `${aspect} is now ${after}`;
  return { update, words: `${title}: ${change}${reason === undefined ? '' : `, reason ${reason}`}.` };
}

function sender(
  value: JsonObject,
  aspect: 'quality' | 'name' | 'throughput' | 'other',
  after: string | undefined,
  before: string | undefined,
  reason: string | undefined,
): Reading {
  const displayPhone = asText(value.display_phone_number);
  const update = present({ subject: 'sender' as const, aspect, displayPhone, value: after, previous: before, reason });
  const about = `Number ${displayPhone ?? ''}: ${aspect} ${after ?? 'changed'}`;
  return { update, words: `${about}${reason === undefined ? '' : `, ${reason}`}.` };
}

function account(aspect: string, value: string | undefined, reason: string | undefined): Reading {
  const words = `WhatsApp account: ${aspect.replaceAll('_', ' ')} ${value ?? 'changed'}${reason === undefined ? '' : `, ${reason}`}.`;
  return { update: present({ subject: 'account' as const, aspect, value, reason }), words };
}

function violation(value: JsonObject): string | undefined {
  const restriction = value.restriction_info;
  const first = Array.isArray(restriction) ? asObject(restriction[0]) : {};
  return (
    reasonOf(asObject(value.violation_info).violation_type) ??
    reasonOf(asObject(value.ban_info).waba_ban_state) ??
    reasonOf(first.restriction_type) ??
    reasonOf(asObject(value.disconnection_info).reason)
  );
}

function read(change: Change): Reading | null {
  const value = change.value;
  switch (change.field) {
    case 'message_template_status_update':
      return template(
        value,
        'status',
        asText(value.event),
        undefined,
        reasonOf(value.reason) ?? reasonOf(asObject(value.other_info).title),
      );
    case 'message_template_quality_update':
      return template(
        value,
        'quality',
        asText(value.new_quality_score),
        asText(value.previous_quality_score),
        undefined,
      );
    case 'template_category_update':
      return template(
        value,
        'category',
        asText(value.new_category) ?? asText(value.correct_category),
        asText(value.previous_category),
        undefined,
      );
    case 'message_template_components_update':
      return template(value, 'components', undefined, undefined, undefined);
    case 'phone_number_quality_update': {
      const limit = asText(value.current_limit) ?? asText(value.max_daily_conversations_per_business);
      const event = asText(value.event);
      const aspect = event === 'THROUGHPUT_UPGRADE' ? 'throughput' : 'quality';
      return sender(value, aspect, event, asText(value.old_limit), limit);
    }
    case 'phone_number_name_update':
      return sender(value, 'name', asText(value.decision), undefined, reasonOf(value.rejection_reason));
    case 'account_update':
      return account('account', asText(value.event), violation(value));
    case 'account_review_update':
      return account('review', asText(value.decision), undefined);
    case 'account_alerts': {
      const alert = asObject(value.alert_info);
      const type = asText(alert.alert_type) ?? asText(value.alert_type);
      return account('alert', type, asText(alert.alert_description) ?? asText(value.alert_description));
    }
    case 'business_capability_update':
      return account(
        'messaging_limit',
        asText(value.max_daily_conversations_per_business) ?? asText(value.max_daily_conversation_per_phone),
        undefined,
      );
    case 'business_status_update':
      return account('business', asText(value.event), undefined);
    case 'security':
      return sender(value, 'other', asText(value.event), undefined, undefined);
    default:
      return null;
  }
}

function eventOf(change: Change, reading: Reading): InboundEvent {
  const key = accountOf(change);
  return {
    type: 'account',
    account: key,
    // Meta gives these no id; the moment and the content make one.
    dedupeKey: keyWithin(key, change.field, change.time ?? '', contentKey(change.value)),
    orderingKey: keyWithin(key, change.field),
    timestamp: change.time ?? asMoment(change.value.timestamp),
    raw: change.value,
    ...reading,
  };
}

/** Changes of templates, numbers and the account; null when the field is none of those. */
export function readAccountUpdate(change: Change): InboundEvent | null {
  const reading = read(change);
  return reading === null ? null : eventOf(change, reading);
}

/** `value.errors` without a message: something went wrong at Meta or in the app's settings. */
export function readValueError(change: Change, error: unknown): InboundEvent {
  const failure = classifyWebhookErrors([error]) ?? {
    kind: 'transient' as const,
    reason: 'unknown' as const,
    code: 'unknown',
    words: 'Meta reported an error without saying which.',
  };
  const words = failure.detail === undefined ? failure.words : `${failure.words} (${failure.detail})`;
  return eventOf(
    { ...change, value: asObject(error) },
    { update: { subject: 'error', aspect: 'provider_error', failure }, words },
  );
}
