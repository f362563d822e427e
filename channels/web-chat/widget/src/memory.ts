import type { VisitorMessage } from '../../protocol.ts';

/** What survives a reload. */
export interface Memory {
  token?: string;
  open?: boolean;
  draft?: string;
  /** Messages that the server does not have yet, oldest first. */
  outbox: VisitorMessage[];
}

export interface MemoryStore {
  read(): Memory;
  change(update: Partial<Memory>): void;
  forget(): void;
}

function isMessage(value: unknown): value is VisitorMessage {
  return typeof value === 'object' && value !== null && 'client_id' in value && typeof value.client_id === 'string';
}

function parse(text: string | null): Memory {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return { outbox: [] };
    const memory: Memory = { outbox: [] };
    if ('token' in value && typeof value.token === 'string') memory.token = value.token;
    if ('open' in value && typeof value.open === 'boolean') memory.open = value.open;
    if ('draft' in value && typeof value.draft === 'string') memory.draft = value.draft;
    if ('outbox' in value && Array.isArray(value.outbox)) memory.outbox = value.outbox.filter(isMessage);
    return memory;
  } catch {
    return { outbox: [] };
  }
}

/**
 * localStorage under one name per widget key. Pages may forbid storage or fill it: then the conversation lives as long
 * as the page, and nothing breaks.
 */
export function createMemory(key: string): MemoryStore {
  const name = `connectgain-chat:${key}`;
  let memory: Memory;
  try {
    memory = parse(localStorage.getItem(name));
  } catch {
    memory = { outbox: [] };
  }
  const save = () => {
    try {
      localStorage.setItem(name, JSON.stringify(memory));
    } catch {
      // Kept in memory only.
    }
  };
  return {
    read: () => memory,
    change(update) {
      memory = { ...memory, ...update };
      save();
    },
    forget() {
      memory = { outbox: [] };
      save();
    },
  };
}
