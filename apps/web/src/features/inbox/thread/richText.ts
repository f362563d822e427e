/** A piece of a message's text. Links and WhatsApp's own marks are the only things that are more than text. */
export type TextPart =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'code'; text: string };

// An address ends before the sign that ends the sentence around it.
const LINK = /(https?:\/\/[^\s<>"']+|www\.[^\s<>"']+\.[^\s<>"']+)|([\w.+-]+@[\w-]+\.[\w.-]*[\w])/giu;
const TRAILING = /[.,;:!?)\]}»،؛؟]+$/u;
const MARKED =
  /```([^`]+)```|`([^`\n]+)`|\*(?=\S)([^*\n]+?)(?<=\S)\*|(?<![\w])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w])|~(?=\S)([^~\n]+?)(?<=\S)~/gu;

/** Cuts a text into parts to render. Never yields markup: every part is shown as text. */
export function textParts(text: string, formatting: boolean): TextPart[] {
  const parts: TextPart[] = [];
  for (const piece of cutLinks(text)) {
    if (piece.kind !== 'text' || !formatting) parts.push(piece);
    else parts.push(...cutMarks(piece.text));
  }
  return parts;
}

function cutLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(TRAILING, '');
    if (shown === '') continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    const href = match[2] !== undefined ? `mailto:${shown}` : shown.startsWith('www.') ? `https://${shown}` : shown;
    parts.push({ kind: 'link', text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

function cutMarks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    const [, block, code, bold, italic, strike] = match;
    if (bold !== undefined) parts.push({ kind: 'bold', text: bold });
    else if (italic !== undefined) parts.push({ kind: 'italic', text: italic });
    else if (strike !== undefined) parts.push({ kind: 'strike', text: strike });
    else parts.push({ kind: 'code', text: (block ?? code ?? '').replace(/^\n|\n$/g, '') });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** True for one to three emoji and nothing else, which are shown large. */
export function isOnlyEmoji(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > 40) return false;
  const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(trimmed)].map(
    (part) => part.segment,
  );
  return (
    graphemes.length <= 3 &&
    graphemes.every((one) => /^\p{Extended_Pictographic}/u.test(one) || /^\p{Regional_Indicator}{2}$/u.test(one))
  );
}
