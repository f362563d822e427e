import { webChatCapabilities } from '@connectgain/channels/web-chat/capabilities.ts';
import { formFieldSchema, type WidgetConfig } from '@connectgain/channels/web-chat/protocol.ts';
import { z } from 'zod';
import type { LoadedAccount } from '../accounts/loadAccount.ts';
import type { Queryable } from '../queryable.ts';

/** `settings` of a WEB_CHAT account as far as the widget is concerned; whatever is missing or wrong has a default. */
const settings = z.object({
  title: z.string().max(80).catch(''),
  greeting: z.string().max(500).catch(''),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .catch('#5b5bd6'),
  side: z.enum(['start', 'end']).catch('end'),
  theme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  avatar_url: z
    .url({ protocol: /^https$/ })
    .nullable()
    .catch(null),
  form: z.array(formFieldSchema).max(10).catch([]),
  offline_message: z.string().max(500).catch(''),
});

const words = {
  en: {
    welcome: 'Hi! How can we help?',
    away: 'We are away right now. Leave a message and we will answer as soon as we can.',
  },
  ar: { welcome: 'مرحبًا! كيف يمكننا مساعدتك؟', away: 'نحن غير متاحين الآن. اترك رسالة وسنرد عليك في أقرب وقت.' },
};

/** How the widget of an account looks to a visitor with this browser language. */
export async function widgetConfig(
  db: Queryable,
  account: LoadedAccount,
  locale: string | undefined,
): Promise<WidgetConfig> {
  const given = settings.parse(account.settings);
  const text = locale?.toLowerCase().startsWith('ar') ? words.ar : words.en;
  const online = await somebodyIsThere(db, account.organizationId);
  const media = Object.values(webChatCapabilities.media);
  return {
    title: given.title || account.name,
    welcome: given.greeting || text.welcome,
    accent: given.color,
    side: given.side,
    theme: given.theme,
    avatar_url: given.avatar_url,
    form: given.form,
    availability: {
      online,
      message: online ? '' : given.offline_message || text.away,
      ask_email: !online,
    },
    attachments: {
      max_bytes: Math.max(0, ...media.map((kind) => kind.maxBytes)),
      mime_types: [...new Set(media.flatMap((kind) => kind.mimeTypes))],
    },
  };
}

/** A member who used the app within the last five minutes. */
async function somebodyIsThere(db: Queryable, organizationId: string): Promise<boolean> {
  const { rows } = await db.query<{ online: boolean }>(
    `select exists (select 1 from public.user_roles r join public.profiles p on p.id = r.user_id
       where r.organization_id = $1 and r.is_active and p.is_active and p.last_seen_at > now() - interval '5 minutes') as online`,
    [organizationId],
  );
  return rows[0]?.online ?? false;
}
