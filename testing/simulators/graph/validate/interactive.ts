import { invalidParameter } from '../graphError.ts';
import { type JsonObject, objectIn } from '../json.ts';
import type { World } from '../model.ts';
import { optionalText, refuseEqual, requireList, requireObject, requireOneOf, requireText } from './check.ts';
import { checkMediaObject } from './media.ts';

const kinds = [
  'button',
  'list',
  'cta_url',
  'product',
  'product_list',
  'catalog_message',
  'flow',
  'location_request_message',
] as const;

function checkHeader(interactive: JsonObject, kind: string, wabaId: string, world: World): void {
  if (interactive.header === undefined) {
    if (kind === 'product_list') requireObject(undefined, "interactive['header']");
    return;
  }
  const header = requireObject(interactive.header, "interactive['header']");
  const path = "interactive['header']['type']";
  const textOnly = kind === 'list' || kind === 'product_list';
  const type = requireOneOf(header.type, path, textOnly ? ['text'] : ['text', 'image', 'video', 'document']);
  if (type === 'text') {
    requireText(header.text, "interactive['header']['text']", 60);
    return;
  }
  const media = requireObject(header[type], `interactive['header']['${type}']`);
  checkMediaObject(media, type, `interactive['header']['${type}']`, wabaId, world);
}

function checkButtons(action: JsonObject): void {
  const ids: string[] = [];
  const titles: string[] = [];
  requireList(action.buttons, "action['buttons']", 1, 3).forEach((each, index) => {
    const path = `action['buttons'][${index}]`;
    const button = requireObject(each, path);
    requireOneOf(button.type, `${path}['type']`, ['reply']);
    const reply = requireObject(button.reply, `${path}['reply']`);
    ids.push(requireText(reply.id, `${path}['reply']['id']`, 256));
    titles.push(requireText(reply.title, `${path}['reply']['title']`, 20));
  });
  refuseEqual(ids, 'button ids');
  refuseEqual(titles, 'button titles');
}

function checkList(action: JsonObject): void {
  requireText(action.button, "action['button']", 20);
  const ids: string[] = [];
  const sections = requireList(action.sections, "action['sections']", 1, 10);
  sections.forEach((each, sectionIndex) => {
    const path = `action['sections'][${sectionIndex}]`;
    const section = requireObject(each, path);
    if (sections.length > 1) requireText(section.title, `${path}['title']`, 24);
    else optionalText(section.title, `${path}['title']`, 24);
    requireList(section.rows, `${path}['rows']`, 1, 10).forEach((item, rowIndex) => {
      const row = requireObject(item, `${path}['rows'][${rowIndex}]`);
      ids.push(requireText(row.id, `${path}['rows'][${rowIndex}]['id']`, 200));
      requireText(row.title, `${path}['rows'][${rowIndex}]['title']`, 24);
      optionalText(row.description, `${path}['rows'][${rowIndex}]['description']`, 72);
    });
  });
  if (ids.length > 10) throw invalidParameter(`Total row count exceed max allowed count: 10, has ${ids.length}`);
  refuseEqual(ids, 'row ids');
}

function checkProducts(action: JsonObject): void {
  requireText(action.catalog_id, "action['catalog_id']", 64);
  requireList(action.sections, "action['sections']", 1, 10).forEach((each, index) => {
    const section = requireObject(each, `action['sections'][${index}]`);
    requireText(section.title, `action['sections'][${index}]['title']`, 24);
    requireList(section.product_items, `action['sections'][${index}]['product_items']`, 1, 30).forEach((item) => {
      requireText(objectIn(item).product_retailer_id, "product_items['product_retailer_id']", 100);
    });
  });
}

function checkAction(kind: (typeof kinds)[number], action: JsonObject): void {
  const parameters = objectIn(action.parameters);
  switch (kind) {
    case 'button':
      checkButtons(action);
      return;
    case 'list':
      checkList(action);
      return;
    case 'cta_url': {
      requireOneOf(action.name, "action['name']", ['cta_url']);
      requireText(parameters.display_text, "action['parameters']['display_text']", 20);
      const url = requireText(parameters.url, "action['parameters']['url']", 2000);
      if (!/^https?:\/\/\S+$/.test(url)) throw invalidParameter("Param action['parameters']['url'] is not a valid URI");
      return;
    }
    case 'product':
      requireText(action.catalog_id, "action['catalog_id']", 64);
      requireText(action.product_retailer_id, "action['product_retailer_id']", 100);
      return;
    case 'product_list':
      checkProducts(action);
      return;
    case 'catalog_message':
      requireOneOf(action.name, "action['name']", ['catalog_message']);
      return;
    case 'flow':
      requireOneOf(action.name, "action['name']", ['flow']);
      requireOneOf(parameters.flow_message_version, "action['parameters']['flow_message_version']", ['3']);
      requireText(parameters.flow_id ?? parameters.flow_name, "action['parameters']['flow_id']", 200);
      requireText(parameters.flow_token, "action['parameters']['flow_token']", 2000);
      requireText(parameters.flow_cta, "action['parameters']['flow_cta']", 30);
      return;
    case 'location_request_message':
      requireOneOf(action.name, "action['name']", ['send_location']);
  }
}

/** The `interactive` object, from Meta's pages on each kind. */
export function checkInteractive(interactive: JsonObject, wabaId: string, world: World): void {
  const kind = requireOneOf(interactive.type, "interactive['type']", kinds);
  checkHeader(interactive, kind, wabaId, world);
  if (kind !== 'product') {
    const body = requireObject(interactive.body, "interactive['body']");
    requireText(body.text, "interactive['body']['text']", kind === 'list' ? 4096 : 1024);
  }
  if (interactive.footer !== undefined) {
    requireText(requireObject(interactive.footer, "interactive['footer']").text, "interactive['footer']['text']", 60);
  }
  checkAction(kind, requireObject(interactive.action, "interactive['action']"));
}
