import { randomUUID } from 'node:crypto';

export interface MultipartFile {
  field: string;
  fileName: string;
  mimeType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A `multipart/form-data` body (RFC 7578) as bytes. Written out by hand because a `FormData` object is only understood
 * by the fetch it came with: npm's undici sends the global one as the text “[object FormData]”.
 */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: MultipartFile,
): { contentType: string; body: Uint8Array<ArrayBuffer> } {
  const boundary = `cg-${randomUUID()}`;
  const head = Object.entries(fields)
    .map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
    )
    .concat(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.fileName)}"\r\n` +
        `Content-Type: ${file.mimeType.replaceAll(/[\r\n]/g, ' ')}\r\n\r\n`,
    )
    .join('');
  const encoder = new TextEncoder();
  const before = encoder.encode(head);
  const after = encoder.encode(`\r\n--${boundary}--\r\n`);
  const body = new Uint8Array(before.byteLength + file.bytes.byteLength + after.byteLength);
  body.set(before, 0);
  body.set(file.bytes, before.byteLength);
  body.set(after, before.byteLength + file.bytes.byteLength);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

/** Escapes as the HTML standard does for form data, so that a file name cannot end the header. */
function quoted(value: string): string {
  return value.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
