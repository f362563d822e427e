import type { Api } from '#api/client.ts';

export type DraftMode = 'reply' | 'note';

export interface Draft {
  conversationId: string;
  mode: DraftMode;
  text: string;
  updatedAt: string;
}

export type Drafts = ReadonlyMap<string, Draft>;

/** Drafts of this person: in the browser at once, on the server after a pause, so that they wait on every device. */
export interface DraftStore {
  get(): Drafts;
  subscribe(listener: () => void): () => void;
  put(conversationId: string, mode: DraftMode, text: string): void;
  /** Takes over what the server has, where it is newer than what is here. */
  load(): Promise<void>;
}

const STORAGE_KEY = 'connectgain.drafts';
export const draftKey = (conversationId: string, mode: DraftMode): string => `${conversationId}:${mode}`;

export function createDraftStore(api: Api, userId: string, storage: Storage | null): DraftStore {
  const listeners = new Set<() => void>();
  const key = `${STORAGE_KEY}.${userId}`;
  let drafts: Drafts = readStored(storage, key);

  const replace = (next: Drafts) => {
    drafts = next;
    try {
      storage?.setItem(key, JSON.stringify([...next.values()]));
    } catch {
      // Without storage the server's copy is enough.
    }
    for (const listener of listeners) listener();
  };

  const save = async (draft: Draft) => {
    const table = api.from('conversation_drafts');
    // A draft that could not be saved stays in the browser and is sent again with the next pause.
    if (draft.text === '') {
      await table.delete().eq('conversation_id', draft.conversationId).eq('user_id', userId).eq('mode', draft.mode);
    } else {
      await table.upsert(
        { conversation_id: draft.conversationId, user_id: userId, mode: draft.mode, content: draft.text },
        { onConflict: 'conversation_id,user_id,mode' },
      );
    }
  };

  return {
    get: () => drafts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put(conversationId, mode, text) {
      const id = draftKey(conversationId, mode);
      if ((drafts.get(id)?.text ?? '') === text) return;
      const draft: Draft = { conversationId, mode, text, updatedAt: new Date().toISOString() };
      const next = new Map(drafts);
      if (text === '') next.delete(id);
      else next.set(id, draft);
      replace(next);
      void save(draft);
    },
    async load() {
      const { data, error } = await api
        .from('conversation_drafts')
        .select('conversation_id,mode,content,updated_at')
        .eq('user_id', userId);
      if (error !== null) return;
      const next = new Map(drafts);
      const onServer = new Set<string>();
      for (const row of data) {
        const mode: DraftMode = row.mode === 'note' ? 'note' : 'reply';
        const id = draftKey(row.conversation_id, mode);
        onServer.add(id);
        const mine = next.get(id);
        if (mine === undefined || Date.parse(mine.updatedAt) < Date.parse(row.updated_at)) {
          next.set(id, { conversationId: row.conversation_id, mode, text: row.content, updatedAt: row.updated_at });
        }
      }
      // Written here while the server could not be reached.
      for (const [id, draft] of drafts) if (!onServer.has(id)) void save(draft);
      replace(next);
    },
  };
}

function readStored(storage: Storage | null, key: string): Drafts {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(key) ?? '[]');
    if (!Array.isArray(stored)) return new Map();
    return new Map(stored.filter(isDraft).map((draft) => [draftKey(draft.conversationId, draft.mode), draft]));
  } catch {
    return new Map();
  }
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === 'object' &&
    value !== null &&
    'conversationId' in value &&
    'text' in value &&
    typeof value.text === 'string' &&
    'mode' in value &&
    (value.mode === 'reply' || value.mode === 'note') &&
    'updatedAt' in value
  );
}
