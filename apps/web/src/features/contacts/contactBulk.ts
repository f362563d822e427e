import type { Api } from '#api/client.ts';
import { ApiFailure, succeed, unwrap } from '#api/failure.ts';

/** Ids that fit into one address. */
const CHUNK = 100;

function chunks<T>(list: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += CHUNK) parts.push(list.slice(from, from + CHUNK));
  return parts;
}

/** Which tags each contact had, so that a change can be taken back exactly. */
export type TagsBefore = ReadonlyMap<string, readonly string[]>;

/** Adds or takes off one tag. Contacts with the same outcome are written together. Resolves with what there was before. */
export async function changeTag(api: Api, ids: readonly string[], tag: string, add: boolean): Promise<TagsBefore> {
  const before = new Map<string, readonly string[]>();
  for (const part of chunks(ids)) {
    const rows = unwrap(await api.from('contacts').select('id,tags').in('id', part));
    const after = new Map<string, readonly string[]>();
    for (const row of rows) {
      if (row.tags.includes(tag) === add) continue;
      before.set(row.id, row.tags);
      after.set(row.id, add ? [...row.tags, tag] : row.tags.filter((one) => one !== tag));
    }
    await writeTags(api, after);
  }
  return before;
}

export async function restoreTags(api: Api, before: TagsBefore): Promise<void> {
  for (const part of chunks([...before])) await writeTags(api, new Map(part));
}

async function writeTags(api: Api, wanted: TagsBefore): Promise<void> {
  const groups = Map.groupBy(wanted, ([, tags]) => JSON.stringify(tags));
  for (const group of groups.values()) {
    const tags = group[0]?.[1] ?? [];
    succeed(
      await api
        .from('contacts')
        .update({ tags: [...tags] })
        .in(
          'id',
          group.map(([id]) => id),
        ),
    );
  }
}

/** Deletes for good, with their conversations. Resolves with how many there were. */
export async function deleteContacts(api: Api, ids: readonly string[]): Promise<number> {
  let gone = 0;
  for (const part of chunks(ids)) {
    const rows = unwrap(await api.from('contacts').delete().in('id', part).select('id'));
    gone += rows.length;
  }
  if (gone === 0 && ids.length > 0) throw new ApiFailure('denied', '');
  return gone;
}
