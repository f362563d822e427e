/** The headers that make an answer depend on what the caller has already (RFC 9110 section 13.1). */
export interface Conditions {
  ifMatch?: string;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
  ifUnmodifiedSince?: string;
  ifRange?: string;
}

/** The state of the file that they are compared with. */
export interface Validators {
  /** Strong entity tag, with quotes. */
  etag: string;
  lastModified: Date;
}

/** In the order of RFC 9110 section 13.2.2: 412, 304 or neither. */
export function evaluate(conditions: Conditions, file: Validators): 'failed' | 'not modified' | undefined {
  if (conditions.ifMatch !== undefined) {
    if (!lists(conditions.ifMatch, file.etag, 'strong')) return 'failed';
  } else if (isAfter(file.lastModified, conditions.ifUnmodifiedSince) === true) return 'failed';

  if (conditions.ifNoneMatch !== undefined) {
    return lists(conditions.ifNoneMatch, file.etag, 'weak') ? 'not modified' : undefined;
  }
  return isAfter(file.lastModified, conditions.ifModifiedSince) === false ? 'not modified' : undefined;
}

/** May a part be sent? Only if the caller's other parts are of this very file (RFC 9110 section 13.1.5). */
export function rangeApplies(ifRange: string | undefined, file: Validators): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.includes('"')) return lists(ifRange, file.etag, 'strong');
  return Date.parse(ifRange) === inSeconds(file.lastModified);
}

function lists(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((part) => {
    const tag = part.trim();
    if (comparison === 'weak') return tag.replace(/^W\//, '') === etag.replace(/^W\//, '');
    return tag === etag && !etag.startsWith('W/');
  });
}

/** Undefined where the header is missing or not a date. HTTP dates have whole seconds. */
function isAfter(date: Date, header: string | undefined): boolean | undefined {
  const than = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(than) ? undefined : inSeconds(date) > than;
}

function inSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
