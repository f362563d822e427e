import type pg from 'pg';
import type { DemoChannels } from './demo.ts';
import { type Dialogue, dialogues } from './dialogues.ts';
import type { Random } from './random.ts';

interface ConversationOptions {
  organizationId: string;
  team: readonly string[];
  random: Random;
  now: Date;
  contacts: readonly string[];
  channels: DemoChannels;
}

const CONVERSATIONS = 64;
const MINUTE = 60_000;
const DAY = 1440;

/** Conversations over the last two weeks, the newest of them minutes ago, in every state that an inbox knows. */
export async function seedConversations(client: pg.PoolClient, o: ConversationOptions): Promise<void> {
  const languageOf = await languages(client, o.contacts);
  const pools = {
    ar: o.contacts.filter((id) => languageOf.get(id) === 'ar'),
    en: o.contacts.filter((id) => languageOf.get(id) === 'en'),
  };
  const used = { ar: 0, en: 0 };
  for (let index = 0; index < CONVERSATIONS; index += 1) {
    const dialogue = dialogues[index % dialogues.length];
    if (!dialogue) continue;
    const contactId = pools[dialogue.language][used[dialogue.language]++];
    if (contactId === undefined) continue;
    await seedOne(client, o, dialogue, contactId, endsMinutesAgo(o.random, index));
  }
}

/** The first ones fall into the last hours, the rest into the days before. */
function endsMinutesAgo(random: Random, index: number): number {
  if (index < 6) return 2 + index * 7;
  if (index < 18) return 60 + random.int(10 * 60);
  return DAY / 2 + random.int(13 * DAY);
}

async function languages(client: pg.PoolClient, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; language: string }>(
    'select id, language from public.contacts where id = any($1)',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.language]));
}

async function seedOne(
  client: pg.PoolClient,
  o: ConversationOptions,
  dialogue: Dialogue,
  contactId: string,
  endedMinutesAgo: number,
): Promise<void> {
  const { random } = o;
  const answered = dialogue.lines.at(-1)?.[0] === 'a' || dialogue.lines.length > 5;
  const onWhatsApp = random.chance(0.8);
  const channelId = onWhatsApp ? o.channels.whatsapp : o.channels.webChat;
  const assignee = dialogue.lines.some(([who]) => who === 'a') ? random.pick(o.team) : null;
  const length = dialogue.lines.reduce((sum, [, minutes]) => sum + minutes, 0);
  let at = o.now.getTime() - (endedMinutesAgo + length) * MINUTE;

  const { rows } = await client.query<{ id: string }>(
    `insert into public.conversations (organization_id, contact_id, channel_account_id, assignee_id, tags, is_important, ai_agent_active, created_at)
     values ($1, $2, $3, $4, $5, $6, false, $7) returning id`,
    [o.organizationId, contactId, channelId, assignee, dialogue.tags, dialogue.tags.includes('VIP'), new Date(at)],
  );
  const conversationId = rows[0]?.id;
  await client.query(
    `insert into public.contact_identities (organization_id, contact_id, channel_type, scope, external_id)
     select $1, c.id, $3, case when $3 = 'WEB_CHAT' then (select routing_key from public.channel_accounts where id = $4) else '' end,
       case when $3 = 'WEB_CHAT' then 'demo-' || c.id else substr(c.phones[1], 2) end
     from public.contacts c where c.id = $2 on conflict do nothing`,
    [o.organizationId, contactId, onWhatsApp ? 'WHATSAPP_CLOUD' : 'WEB_CHAT', channelId],
  );
  for (const [who, minutes, text] of dialogue.lines) {
    at += minutes * MINUTE;
    const sentAt = new Date(at);
    if (who === 'c') {
      await client.query(
        `insert into public.messages (organization_id, conversation_id, direction, status, content, created_at)
         values ($1, $2, 'INBOUND', 'RECEIVED', $3, $4)`,
        [o.organizationId, conversationId, text, sentAt],
      );
    } else {
      await client.query(
        `insert into public.messages (organization_id, conversation_id, direction, status, content, sender_id, sender_type,
           created_at, sent_at, delivered_at, read_at)
         values ($1, $2, 'OUTBOUND', $3::text, $4, $5, 'USER', $6::timestamptz, $6, $7::timestamptz, case when $3::text = 'READ' then $7::timestamptz end)`,
        [
          o.organizationId,
          conversationId,
          random.chance(0.85) ? 'READ' : 'DELIVERED',
          text,
          assignee,
          sentAt,
          new Date(at + 20_000),
        ],
      );
    }
  }
  if (dialogue.note) {
    await client.query(
      `insert into public.notes (organization_id, conversation_id, author_id, content, created_at) values ($1, $2, $3, $4, $5)`,
      [o.organizationId, conversationId, random.pick(o.team), dialogue.note, new Date(at + MINUTE)],
    );
  }
  await settle(client, conversationId, { answered, endedMinutesAgo, random });
}

/** Old and answered conversations are closed, a few wait or are snoozed; some recent ones have been looked at already. */
async function settle(
  client: pg.PoolClient,
  conversationId: string | undefined,
  state: { answered: boolean; endedMinutesAgo: number; random: Random },
): Promise<void> {
  const old = state.endedMinutesAgo > 2 * DAY;
  if (old && (state.answered || state.random.chance(0.5))) {
    await client.query(
      `update public.conversations set status = $2, unread_count = 0, waiting_since = null where id = $1`,
      [conversationId, state.random.chance(0.8) ? 'CLOSED' : 'RESOLVED'],
    );
  } else if (old && state.random.chance(0.3)) {
    await client.query(`update public.conversations set status = 'PENDING', unread_count = 0 where id = $1`, [
      conversationId,
    ]);
  } else if (state.random.chance(0.35)) {
    await client.query(`update public.conversations set unread_count = 0, last_read_at = now() where id = $1`, [
      conversationId,
    ]);
  }
}
