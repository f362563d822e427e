/**
 * Turns a JavaScript value into what a Bind message carries: text, bytes, or null for SQL NULL.
 * Arrays become PostgreSQL array literals, other objects JSON, dates ISO 8601 in UTC: the same conventions as `pg`,
 * so that a statement means the same in `client.query` and in `pipeline`.
 */
export function encodeValue(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return encodeObject(value);
    default:
      throw new TypeError(`A ${typeof value} cannot be a statement parameter`);
  }
}

function encodeObject(value: object): string | Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return encodeArray(value);
  return JSON.stringify(value);
}

function encodeArray(values: readonly unknown[]): string {
  return `{${values.map(encodeElement).join(',')}}`;
}

function encodeElement(value: unknown): string {
  if (Array.isArray(value)) return encodeArray(value);
  const encoded = encodeValue(value);
  if (encoded === null) return 'NULL';
  if (typeof encoded !== 'string') return `"\\\\x${encoded.toString('hex')}"`;
  return `"${encoded.replace(/["\\]/g, '\\$&')}"`;
}
