/** What a parser says about input that it does not take, in the words of Parsec. */

type MessageKind = 'found' | 'unexpected' | 'expected';
export interface Message {
  kind: MessageKind;
  text: string;
}
export interface Failure {
  at: number;
  messages: Message[];
}

/** A string as Haskell's `show` prints it, which is how the dialect quotes what it found. */
export const show = (text: string): string =>
  `"${[...text].map((c) => (c === '"' || c === '\\' ? `\\${c}` : showCharacter(c))).join('')}"`;

export const showCharacter = (c: string): string => {
  const code = c.codePointAt(0) ?? 0;
  if (c === '\n') return '\\n';
  if (c === '\t') return '\\t';
  return code < 32 || code > 126 ? `\\${code}` : c;
};

/** `(line 1, column 7)` of a position. */
export const place = (input: string, at: number): string => {
  let line = 1;
  let column = 1;
  for (const c of input.slice(0, at)) {
    if (c === '\n') {
      line++;
      column = 1;
    } else column += c === '\t' ? 8 - ((column - 1) % 8) : 1;
  }
  return `(line ${line}, column ${column})`;
};

/** `unexpected "x" expecting digit or end of input` */
export const describe = (messages: Message[]): string => {
  if (messages.length === 0) return 'unknown parse error';
  const of = (kind: MessageKind) => messages.filter((m) => m.kind === kind).map((m) => m.text);
  const [found] = of('found');
  const seen = orList(of('unexpected')) ?? (found === '' ? 'end of input' : found);
  const expected = orList(of('expected'));
  const parts = [seen && `unexpected ${seen}`, expected && `expecting ${expected}`];
  return parts.filter((part) => part !== undefined).join(' ');
};

const orList = (texts: string[]): string | undefined => {
  const distinct = [...new Set(texts.filter((text) => text !== ''))];
  const last = distinct.at(-1);
  return distinct.length > 1 ? `${distinct.slice(0, -1).join(', ')} or ${last}` : last;
};
