import type { CallOptions, ProviderTemplate } from '../contract.ts';
import { misconfiguredAccount } from '../failure.ts';
import { asList, asObject, asText, isObject } from '../readJson.ts';
import type { Transport } from '../transport.ts';
import type { WhatsappCloudAccount } from './account.ts';
import { graphRequest } from './graphRequest.ts';

/** An account may hold 6,000 templates; more pages than that are a loop. */
const MAX_PAGES = 100;
const fields = 'id,name,status,category,language,components,rejected_reason,quality_score,parameter_format';

function readTemplate(value: unknown): ProviderTemplate[] {
  const item = asObject(value);
  const name = asText(item.name);
  const language = asText(item.language);
  if (name === undefined || language === undefined) return [];
  const rejectedReason = asText(item.rejected_reason);
  const qualityScore = asText(asObject(item.quality_score).score);
  const parameterFormat = asText(item.parameter_format);
  return [
    {
      id: asText(item.id) ?? '',
      name,
      language,
      status: asText(item.status)?.toUpperCase() ?? 'UNKNOWN',
      category: asText(item.category)?.toUpperCase() ?? 'UNKNOWN',
      components: asList(item.components).filter(isObject),
      ...(rejectedReason === undefined || rejectedReason === 'NONE' ? {} : { rejectedReason }),
      ...(qualityScore === undefined ? {} : { qualityScore }),
      ...(parameterFormat === undefined ? {} : { parameterFormat }),
    },
  ];
}

/** All templates of the account, page by page (`GET /{waba_id}/message_templates`). */
export async function listTemplates(
  account: WhatsappCloudAccount,
  transport: Transport,
  options: CallOptions = {},
): Promise<ProviderTemplate[]> {
  if (account.wabaId === undefined) {
    throw misconfiguredAccount('Templates belong to the WhatsApp Business Account. Fill in the channel’s WABA ID.');
  }
  const templates: ProviderTemplate[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query: Record<string, string> = { fields, limit: '100', ...(after === undefined ? {} : { after }) };
    const path = `${account.wabaId}/message_templates`;
    const answer = await graphRequest(account, { method: 'GET', path, query }, transport, options);
    templates.push(...asList(answer.data).flatMap(readTemplate));
    const paging = asObject(answer.paging);
    const next = asText(asObject(paging.cursors).after);
    // The last page has cursors too; only `next` says that there is more.
    if (asText(paging.next) === undefined || next === undefined || next === after) break;
    after = next;
  }
  return templates;
}
