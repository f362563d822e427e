/** Media types of `Accept` and `Content-Type`. */

export type PlanOption = 'analyze' | 'verbose' | 'settings' | 'buffers' | 'wal';

export type MediaType =
  | { kind: 'json' }
  | { kind: 'geojson' }
  | { kind: 'csv' }
  | { kind: 'text' }
  | { kind: 'xml' }
  | { kind: 'openapi' }
  | { kind: 'form' }
  | { kind: 'bytes' }
  | { kind: 'any' }
  | { kind: 'arrayStripped' }
  | { kind: 'object'; stripped: boolean }
  | { kind: 'plan'; format: 'json' | 'text'; of: MediaType; options: readonly PlanOption[] }
  | { kind: 'other'; text: string };

const names = {
  json: 'application/json',
  geojson: 'application/geo+json',
  csv: 'text/csv',
  text: 'text/plain',
  xml: 'text/xml',
  openapi: 'application/openapi+json',
  form: 'application/x-www-form-urlencoded',
  bytes: 'application/octet-stream',
  any: '*/*',
  arrayStripped: 'application/vnd.pgrst.array+json;nulls=stripped',
} as const;

/** The type without charset, as it appears in errors and as a key. */
export const mediaTypeName = (type: MediaType): string => {
  switch (type.kind) {
    case 'other':
      return type.text;
    case 'object':
      return `application/vnd.pgrst.object+json${type.stripped ? ';nulls=stripped' : ''}`;
    case 'plan': {
      const options = type.options.length === 0 ? '' : `; options=${type.options.join('|')}`;
      return `application/vnd.pgrst.plan+${type.format}; for="${mediaTypeName(type.of)}"${options}`;
    }
    default:
      return names[type.kind];
  }
};

/** The `Content-Type` header of an answer. */
export const contentType = (type: MediaType): string =>
  type.kind === 'bytes' || type.kind === 'other' ? mediaTypeName(type) : `${mediaTypeName(type)}; charset=utf-8`;

const main = /^\s*([A-Za-z0-9.*]+)\/([A-Za-z0-9.*+-]+)/;
const parameter = /\s*;\s*([A-Za-z0-9-]+)\s*=\s*(?:"([^"]*)"|([A-Za-z0-9|-]+))/y;

const parametersOf = (text: string, from: number): Map<string, string> => {
  const found = new Map<string, string>();
  parameter.lastIndex = from;
  for (let match = parameter.exec(text); match !== null; match = parameter.exec(text)) {
    found.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  }
  return found;
};

const planOptions: readonly PlanOption[] = ['analyze', 'verbose', 'settings', 'buffers', 'wal'];

export const parseMediaType = (text: string): MediaType => {
  const match = main.exec(text);
  if (match === null) return { kind: 'other', text };
  const parameters = parametersOf(text, match[0].length);
  const stripped = parameters.get('nulls') === 'stripped';
  const plan = (format: 'json' | 'text'): MediaType => {
    const wanted = (parameters.get('options') ?? '').split('|');
    const of = parseMediaType(parameters.get('for') ?? names.json);
    // A plan of a plan is no plan: the innermost type is what would be produced.
    const target = of.kind === 'plan' ? of.of : of;
    return { kind: 'plan', format, of: target, options: planOptions.filter((option) => wanted.includes(option)) };
  };
  switch (`${match[1]}/${match[2]}`.toLowerCase()) {
    case names.json:
      return { kind: 'json' };
    case names.geojson:
      return { kind: 'geojson' };
    case names.csv:
      return { kind: 'csv' };
    case names.text:
      return { kind: 'text' };
    case names.xml:
      return { kind: 'xml' };
    case names.openapi:
      return { kind: 'openapi' };
    case names.form:
      return { kind: 'form' };
    case names.bytes:
      return { kind: 'bytes' };
    case names.any:
      return { kind: 'any' };
    case 'application/vnd.pgrst.plan':
    case 'application/vnd.pgrst.plan+text':
      return plan('text');
    case 'application/vnd.pgrst.plan+json':
      return plan('json');
    case 'application/vnd.pgrst.object':
    case 'application/vnd.pgrst.object+json':
      return { kind: 'object', stripped };
    case 'application/vnd.pgrst.array':
    case 'application/vnd.pgrst.array+json':
      return stripped ? { kind: 'arrayStripped' } : { kind: 'json' };
    default:
      return { kind: 'other', text: text.trim() };
  }
};

const splitList = (header: string): string[] => {
  const parts: string[] = [];
  let start = 0;
  let inQuotes = false;
  for (let i = 0; i < header.length; i++) {
    if (header[i] === '"') inQuotes = !inQuotes;
    if (header[i] === ',' && !inQuotes) {
      parts.push(header.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, header.slice(start)];
};

const quality = (part: string): number => {
  const match = /;\s*q\s*=\s*([0-9.]+)/i.exec(part);
  const value = match === null ? 1 : Number(match[1]);
  return Number.isFinite(value) ? value : 1;
};

/** More exact types first where the quality is equal (RFC 9110 section 12.5.1). */
const exactness = (part: string): number => (part.startsWith('*/*') ? 0 : /^[^/;]+\/\*/.test(part) ? 1 : 2);

/** The types of an `Accept` header, the most wanted first. Absent: anything. */
export const parseAccept = (header: string | undefined): MediaType[] => {
  if (header === undefined || header.trim() === '') return [{ kind: 'any' }];
  return splitList(header)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ part, quality: quality(part), exactness: exactness(part) }))
    .filter(({ quality: q }) => q > 0)
    .sort((a, b) => b.quality - a.quality || b.exactness - a.exactness)
    .map(({ part }) => parseMediaType(part.replace(/;\s*q\s*=\s*[0-9.]+/i, '')));
};
