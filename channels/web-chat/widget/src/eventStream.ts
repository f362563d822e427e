import type { WidgetEvent } from '../../protocol.ts';

export interface StreamedEvent {
  cursor: string | undefined;
  event: WidgetEvent;
}

/**
 * Reads `text/event-stream` (HTML standard, “Server-sent events”) piece by piece: what is complete comes out, the rest
 * waits. `EventSource` is not used because it cannot send the visitor's token in a header.
 */
export function createEventParser(): (chunk: string) => StreamedEvent[] {
  let rest = '';
  return (chunk) => {
    rest += chunk;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    return blocks.flatMap(parseBlock);
  };
}

function parseBlock(block: string): StreamedEvent[] {
  let cursor: string | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith(':')) continue;
    const [field = '', ...value] = line.split(':');
    const text = value.join(':').replace(/^ /, '');
    if (field === 'id') cursor = text;
    else if (field === 'data') data.push(text);
  }
  if (data.length === 0) return [];
  try {
    return [{ cursor, event: JSON.parse(data.join('\n')) }];
  } catch {
    // A broken event is skipped; the next fetch of the messages brings what it said.
    return [];
  }
}
