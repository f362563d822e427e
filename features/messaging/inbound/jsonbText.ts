/**
 * A value as JSON that `jsonb` takes. It refuses U+0000 and halves of surrogate pairs (PostgreSQL documentation, "JSON Types");
 * customers' keyboards and providers that cut texts do send both. The first are dropped, the others become U+FFFD.
 */
export function jsonbText(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  if (!unwanted.test(text)) return text;
  // Escapes are read one by one, so that a backslash which was typed before "u0000" is left alone.
  return text.replaceAll(/\\(?:u0000|u(d[89a-f][0-9a-f]{2})|.)/g, (sequence, half?: string) => {
    if (sequence === '\\u0000') return '';
    return half === undefined ? sequence : '\\ufffd';
  });
}

/** JSON.stringify escapes surrogates only where their other half is missing (ECMA-262, "QuoteJSONString"). */
const unwanted = /\\u(?:0000|d[89a-f])/;
