/** What a text before the caret asks for: a saved reply, a variable or a colleague. */
export interface Trigger {
  kind: 'reply' | 'variable' | 'mention';
  query: string;
  /** Where in the text it starts, so that a choice can replace it. */
  from: number;
}

export function findTrigger(before: string, mode: 'reply' | 'note'): Trigger | null {
  const variable = /\{\{\s*([\p{L}\w.]{0,40})$/u.exec(before);
  if (variable !== null) return { kind: 'variable', query: variable[1] ?? '', from: variable.index };
  const saved = /(^|\s)\/([^\s/]{0,40})$/u.exec(before);
  if (saved !== null && mode === 'reply')
    return { kind: 'reply', query: saved[2] ?? '', from: saved.index + (saved[1]?.length ?? 0) };
  const mention = /(^|\s)@([\p{L}\p{M}\d.'-]{0,40}(?: [\p{L}\p{M}\d.'-]{0,40})?)$/u.exec(before);
  if (mention !== null && mode === 'note')
    return { kind: 'mention', query: mention[2] ?? '', from: mention.index + (mention[1]?.length ?? 0) };
  return null;
}
