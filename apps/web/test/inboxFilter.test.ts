import { describe, expect, it } from 'vitest';
import {
  defaultFilter,
  filterOf,
  matchesFilter,
  narrowingCount,
  readInboxSearch,
  searchOf,
} from '../src/features/inbox/filter/inboxFilter.ts';
import { readCounts } from '../src/features/inbox/filter/useInboxCounts.ts';
import { snippetParts } from '../src/features/inbox/list/searchConversations.ts';
import { at, conversation } from './fixtures.ts';

const now = new Date(at(0));

describe('the address of the inbox', () => {
  it('carries only what differs from the default, and back', () => {
    const filter = {
      ...defaultFilter,
      view: 'mine' as const,
      channels: ['WEB_CHAT', 'TELEGRAM'],
      unread: true,
      tag: 'VIP',
    };
    const search = searchOf(filter);
    expect(JSON.parse(JSON.stringify(search))).toEqual({
      view: 'mine',
      channel: 'WEB_CHAT,TELEGRAM',
      unread: true,
      tag: 'VIP',
    });
    expect(filterOf(readInboxSearch(JSON.parse(JSON.stringify(search))))).toEqual(filter);
    expect(JSON.parse(JSON.stringify(searchOf(defaultFilter)))).toEqual({});
  });

  it('ignores what nobody could have meant', () => {
    const read = readInboxSearch({
      view: 'everything',
      status: 7,
      channel: ['x'],
      unread: 'perhaps',
      q: 42,
      tag: 'x'.repeat(80),
    });
    expect(JSON.parse(JSON.stringify(read))).toEqual({ q: '42', tag: 'x'.repeat(50) });
    expect(filterOf(readInboxSearch({ channel: 'WEB_CHAT,<script>,' })).channels).toEqual(['WEB_CHAT']);
  });

  it('counts what narrows, not the tab and not the order', () => {
    expect(narrowingCount({ ...defaultFilter, view: 'mine', sort: 'oldest' })).toBe(0);
    expect(narrowingCount({ ...defaultFilter, channels: ['A', 'B'], unread: true, status: 'closed' })).toBe(4);
  });
});

describe('what belongs in a list', () => {
  const matches = (changes: Parameters<typeof conversation>[0], filter = {}) =>
    matchesFilter(conversation(changes), { ...defaultFilter, ...filter }, 'u1', now);

  it('open work is neither closed nor put off', () => {
    expect(matches({ status: 'OPEN' })).toBe(true);
    expect(matches({ status: 'PENDING' })).toBe(true);
    expect(matches({ status: 'RESOLVED' })).toBe(false);
    expect(matches({ snoozed_until: at(10) })).toBe(false);
    expect(matches({ snoozed_until: at(-10) })).toBe(true);
    expect(matches({ snoozed_until: at(10) }, { status: 'snoozed' })).toBe(true);
  });

  it('tabs, colleagues, tags and channels', () => {
    expect(matches({ assignee_id: 'u1' }, { view: 'mine' })).toBe(true);
    expect(matches({ assignee_id: 'u2' }, { view: 'mine' })).toBe(false);
    expect(matches({ assignee_id: 'u2' }, { view: 'unassigned' })).toBe(false);
    expect(matches({ assignee_id: 'u2' }, { assignee: 'u2' })).toBe(true);
    expect(matches({ tags: ['VIP'] }, { tag: 'VIP' })).toBe(true);
    expect(matches({}, { channels: ['TELEGRAM'] })).toBe(false);
    expect(matches({ waiting_since: null }, { sort: 'waiting' })).toBe(false);
  });
});

it('reads the counts, whatever is missing', () => {
  expect(readCounts({ all: 3, mine: 1, unassigned: 2, unread: 1, other: 'x' })).toEqual({
    all: 3,
    mine: 1,
    unassigned: 2,
    unread: 1,
  });
  expect(readCounts(null)).toEqual({ all: 0, mine: 0, unassigned: 0, unread: 0 });
});

describe('a search result in one line', () => {
  it('marks the match', () => {
    expect(snippetParts('my «order» please')).toEqual([
      { text: 'my ', matched: false },
      { text: 'order', matched: true },
      { text: ' please', matched: false },
    ]);
  });

  it('begins close before the match, at a word', () => {
    expect(snippetParts('Of course, I have added that to the «delivery» note')[0]?.text).toBe('…that to the ');
    expect(snippetParts('nothing marked')).toEqual([{ text: 'nothing marked', matched: false }]);
  });
});
