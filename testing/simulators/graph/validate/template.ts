import { GraphError } from '../graphError.ts';
import { type JsonObject, listIn, objectIn, textIn } from '../json.ts';
import type { Template, Waba, World } from '../model.ts';
import { requireObject, requireText } from './check.ts';
import { checkMediaObject } from './media.ts';

/** The variables of a text: `{{1}}`, `{{2}}` or `{{first_name}}`, each once. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? ''))];
}

function component(template: Template, type: string): JsonObject | undefined {
  return template.components.find((each) => each.type === type);
}

function given(message: JsonObject, type: string): unknown[] {
  const found = listIn(message.components).find((each) => objectIn(each).type === type);
  return listIn(objectIn(found).parameters);
}

function refuseCount(part: string, expected: number, got: number): never {
  throw new GraphError(132000, {
    details: `${part}: number of localizable_params (${got}) does not match the expected number of params (${expected})`,
  });
}

function checkTexts(template: Template, part: 'header' | 'body', text: string, parameters: unknown[]): void {
  const variables = variablesIn(text);
  if (parameters.length !== variables.length) refuseCount(part, variables.length, parameters.length);
  for (const each of parameters) {
    const parameter = objectIn(each);
    const type = textIn(parameter.type) ?? '';
    if (!['text', 'currency', 'date_time'].includes(type)) {
      throw new GraphError(132012, { details: `${part}: Parameter of type ${type} does not match format text` });
    }
    if (type === 'text' && (textIn(parameter.text) ?? '') === '') {
      throw new GraphError(131008, { details: `${part}: Parameter of type text is missing text value` });
    }
    if (template.parameterFormat === 'NAMED' && !variables.includes(textIn(parameter.parameter_name) ?? '')) {
      throw new GraphError(132000, { details: `${part}: parameter_name is missing or does not exist in the template` });
    }
  }
}

function checkHeader(template: Template, message: JsonObject, waba: Waba, world: World): void {
  const header = component(template, 'HEADER');
  const parameters = given(message, 'header');
  const format = textIn(header?.format) ?? 'TEXT';
  if (header === undefined || format === 'TEXT') {
    checkTexts(template, 'header', textIn(header?.text) ?? '', parameters);
    return;
  }
  if (parameters.length !== 1) refuseCount('header', 1, parameters.length);
  const kind = format.toLowerCase();
  const parameter = objectIn(parameters[0]);
  if (parameter.type !== kind) {
    throw new GraphError(132012, {
      details: `header: Format mismatch, expected ${format}, received ${textIn(parameter.type) ?? 'UNKNOWN'}`,
    });
  }
  if (kind !== 'location')
    checkMediaObject(requireObject(parameter[kind], `header['${kind}']`), kind, `header['${kind}']`, waba.id, world);
}

/** Buttons with a variable (a URL that ends in `{{1}}`, a code to copy) need their parameter. */
function checkButtons(template: Template, message: JsonObject): void {
  listIn(component(template, 'BUTTONS')?.buttons).forEach((each, index) => {
    const button = objectIn(each);
    const type = textIn(button.type) ?? '';
    const needs =
      (type === 'URL' && variablesIn(textIn(button.url) ?? '').length > 0) || type === 'COPY_CODE' || type === 'FLOW';
    const sent = listIn(message.components).find((item) => {
      const part = objectIn(item);
      return part.type === 'button' && String(part.index) === String(index);
    });
    const count = listIn(objectIn(sent).parameters).length;
    if (needs && count === 0 && type !== 'FLOW') {
      throw new GraphError(131008, {
        details: `buttons: Button at index ${index} of type ${type} requires a parameter`,
      });
    }
  });
}

const refusals: Readonly<Partial<Record<Template['status'], [number, string]>>> = {
  PAUSED: [132015, 'Template is paused due to low quality'],
  DISABLED: [132016, 'Template is disabled'],
};

/** Finds the template and checks that every variable has its value (“Template messages”, spec D6). */
export function checkTemplate(message: JsonObject, waba: Waba, world: World): Template {
  const name = requireText(message.name, "template['name']", 512);
  const language = requireObject(message.language, "template['language']");
  const code = requireText(language.code, "template['language']['code']", 20);
  const template = waba.templates.find((each) => each.name === name && each.language === code);
  const refusal = template === undefined ? undefined : refusals[template.status];
  if (refusal !== undefined) throw new GraphError(refusal[0], { details: refusal[1] });
  if (template === undefined || template.status !== 'APPROVED') {
    throw new GraphError(132001, { details: `template name (${name}) does not exist in ${code}` });
  }
  checkHeader(template, message, waba, world);
  checkTexts(template, 'body', textIn(component(template, 'BODY')?.text) ?? '', given(message, 'body'));
  checkButtons(template, message);
  return template;
}
