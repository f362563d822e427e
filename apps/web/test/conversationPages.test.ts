import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFilter, type InboxFilter, matchesFilter } from '../src/features/inbox/filter/inboxFilter.ts';
import { holdOrder } from '../src/features/inbox/list/holdOrder.ts';
import {
  applyConversation,
  type ConversationPages,
  compareRows,
  cursorAfter,
  PAGE_SIZE,
  removeConversation,
} from '../src/features/inbox/list/pages.ts';
import { pinOpenRow } from '../src/features/inbox/list/pinOpenRow.ts';
import type { ConversationItem } from '../src/features/inbox/model/conversation.ts';
import { at, conversation } from './fixtures.ts';

const me = 'u1';
const now = new Date(at(0));

/** What the server would answer: all that match, in order, in pages as far as they were asked for. */
function serve(all: readonly ConversationItem[], filter: InboxFilter, pageCount: number): ConversationPages {
  const rows = all.filter((row) => matchesFilter(row, filter, me, now)).sort((a, b) => compareRows(a, b, filter.sort));
  const pages = Array.from({ length: pageCount }, (_, index) => rows.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE));
  return { pages, pageParams: pages.map(() => null) };
}
const ids = (pages: ConversationPages): string[] => pages.pages.flat().map((row) => row.id);

const anyConversation = fc.record({
  minute: fc.option(fc.integer({ min: -300, max: 300 }), { nil: null }),
  status: fc.constantFrom('OPEN', 'PENDING', 'CLOSED'),
  assignee: fc.constantFrom(null, me, 'u2'),
  unread: fc.integer({ min: 0, max: 2 }),
  snoozed: fc.constantFrom(null, at(60), at(-60)),
});
type Drawn = typeof anyConversation extends fc.Arbitrary<infer T> ? T : never;
const make = (id: string, drawn: Drawn): ConversationItem =>
  conversation({
    id,
    last_message_at: drawn.minute === null ? null : at(drawn.minute),
    status: drawn.status,
    assignee_id: drawn.assignee,
    unread_count: drawn.unread,
    snoozed_until: drawn.snoozed,
  });
const anyFilter: fc.Arbitrary<InboxFilter> = fc
  .record({
    view: fc.constantFrom('all' as const, 'mine' as const, 'unassigned' as const),
    status: fc.constantFrom('active' as const, 'closed' as const, 'any' as const, 'snoozed' as const),
    unread: fc.boolean(),
    sort: fc.constantFrom('newest' as const, 'oldest' as const),
  })
  .map((drawn) => ({ ...defaultFilter, ...drawn }));

describe('a list that changes live', () => {
  it('equals what the server would answer, whatever changes', () => {
    fc.assert(
      fc.property(
        fc.array(anyConversation, { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(14), anyConversation), { maxLength: 10 }),
        anyFilter,
        (drawn, changes, filter) => {
          const all = new Map(drawn.map((one, index) => [`c${String(index)}`, make(`c${String(index)}`, one)]));
          let pages = serve([...all.values()], filter, 1);
          for (const [index, change] of changes) {
            const item = make(`c${String(index)}`, change);
            all.set(item.id, item);
            pages = applyConversation(pages, item, filter, me, now);
          }
          expect(ids(pages)).toEqual(ids(serve([...all.values()], filter, 1)));
        },
      ),
    );
  });

  it('leaves rows beyond the last loaded page to that page', () => {
    const all = Array.from({ length: PAGE_SIZE + 5 }, (_, index) =>
      conversation({ id: `c${String(index).padStart(3, '0')}`, last_message_at: at(-index) }),
    );
    const pages = serve(all, defaultFilter, 1);
    const old = conversation({ id: 'old', last_message_at: at(-1_000) });
    expect(ids(applyConversation(pages, old, defaultFilter, me, now))).toEqual(ids(pages));
    const fresh = conversation({ id: 'fresh', last_message_at: at(1) });
    expect(ids(applyConversation(pages, fresh, defaultFilter, me, now))[0]).toBe('fresh');
  });

  it('asks for the next page after the last row and stops at a short page', () => {
    const full = Array.from({ length: PAGE_SIZE }, (_, index) =>
      conversation({ id: `c${String(index)}`, last_message_at: at(-index) }),
    );
    expect(cursorAfter(full, defaultFilter)).toEqual({ value: at(-(PAGE_SIZE - 1)), id: `c${String(PAGE_SIZE - 1)}` });
    expect(cursorAfter(full.slice(1), defaultFilter)).toBeNull();
  });

  it('forgets a conversation that was deleted', () => {
    const pages = serve([conversation({ id: 'a' }), conversation({ id: 'b' })], defaultFilter, 1);
    expect(ids(removeConversation(pages, 'a'))).toEqual(['b']);
  });
});

describe('holding the order while somebody points at the list', () => {
  const rows = (...names: string[]) => names.map((id) => ({ id }));

  it('keeps rows in place, keeps new ones above back and counts them', () => {
    const { rows: shown, keptBack } = holdOrder(['a', 'b', 'c'], rows('new', 'c', 'a', 'b'));
    expect(shown.map((row) => row.id)).toEqual(['a', 'b', 'c']);
    expect(keptBack).toBe(1);
  });

  it('adds what comes in below and drops what is gone', () => {
    const { rows: shown, keptBack } = holdOrder(['a', 'b'], rows('a', 'c', 'd'));
    expect(shown.map((row) => row.id)).toEqual(['a', 'c', 'd']);
    expect(keptBack).toBe(0);
  });
});

describe('reading in a list of unread conversations', () => {
  const unread: InboxFilter = { ...defaultFilter, unread: true };
  const open = conversation({ id: 'b', unread_count: 0 });

  it('keeps the open one where it was', () => {
    const live = [conversation({ id: 'a', unread_count: 1 }), conversation({ id: 'c', unread_count: 1 })];
    expect(pinOpenRow(live, ['a', 'b', 'c'], open, unread, me, now).map((row) => row.id)).toEqual(['a', 'b', 'c']);
  });

  it('lets it go when something else takes it out, such as being closed', () => {
    expect(pinOpenRow([], ['b'], { ...open, status: 'CLOSED' }, unread, me, now)).toEqual([]);
    expect(pinOpenRow([], ['b'], open, defaultFilter, me, now)).toEqual([]);
  });
});
