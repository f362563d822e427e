import type pg from 'pg';
import {
  arabicFirstNames,
  arabicLastNames,
  britain,
  type Country,
  companies,
  egypt,
  emirates,
  englishFirstNames,
  englishLastNames,
  tags,
} from './people.ts';
import type { Random } from './random.ts';

interface CrmOptions {
  organizationId: string;
  /** Ids of the owner and the agents. */
  team: readonly string[];
  random: Random;
  now: Date;
}

const CONTACTS = 320;
const DEALS = 44;
const TASKS = 30;
const DAY = 86_400_000;

/** Companies, contacts, deals, tasks, saved replies. */
export async function seedCrm(client: pg.PoolClient, o: CrmOptions): Promise<{ contactIds: string[] }> {
  const org = o.organizationId;
  for (const tag of tags) {
    await client.query('insert into public.tags (organization_id, name, color) values ($1, $2, $3)', [
      org,
      tag.name,
      tag.color,
    ]);
  }
  const companyRows = await client.query<{ id: string }>(
    `insert into public.companies (organization_id, name, domain, website, industry, country, city, employee_count, owner_id)
     select $1, name, domain, 'https://' || domain, industry, country, city, employees, owner
     from jsonb_to_recordset($2) as c(name text, domain text, industry text, country text, city text, employees int, owner uuid)
     returning id`,
    [
      org,
      JSON.stringify(
        companies.map((company) => ({
          ...company,
          country: company.country.name,
          city: company.country.city,
          owner: o.random.pick(o.team),
        })),
      ),
    ],
  );
  const companyIds = companyRows.rows.map((row) => row.id);

  const people = Array.from({ length: CONTACTS }, (_, index) => person(o, index, companyIds));
  const contactRows = await client.query<{ id: string }>(
    `insert into public.contacts (organization_id, first_name, last_name, phones, emails, tags, company_id, assignee_id, source,
       city, country, language, custom_fields, created_at, lifecycle_stage_id)
     select $1, first_name, last_name, phones, emails, tags, company_id, assignee_id, source, city, country, language,
       custom_fields, created_at,
       (select id from public.lifecycle_stages s where s.organization_id = $1 and s.position = p.stage)
     from jsonb_to_recordset($2) as p(first_name text, last_name text, phones text[], emails text[], tags text[], company_id uuid,
       assignee_id uuid, source text, city text, country text, language text, custom_fields jsonb, created_at timestamptz, stage int)
     returning id`,
    [org, JSON.stringify(people)],
  );
  const contactIds = contactRows.rows.map((row) => row.id);
  await seedDeals(client, o, contactIds);
  await seedTasks(client, o, contactIds);
  await seedReplies(client, org);
  return { contactIds };
}

function person(o: CrmOptions, index: number, companyIds: readonly string[]): Record<string, unknown> {
  const { random } = o;
  const arabic = isArabic(index);
  const country: Country = arabic ? random.pick([egypt, emirates]) : random.pick([britain, britain, emirates]);
  const first = random.pick(arabic ? arabicFirstNames : englishFirstNames);
  const last = random.pick(arabic ? arabicLastNames : englishLastNames);
  const handle = arabic
    ? `customer${index + 101}`
    : `${first}.${last}${index}`.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
  const stage = random.pick([0, 0, 1, 1, 2, 3, 3, 3]);
  return {
    first_name: first,
    last_name: last,
    phones: [country.mobile.prefix + String(index).padStart(3, '0') + random.digits(country.mobile.digits - 3)],
    emails: random.chance(0.7) ? [`${handle}@mail.example`] : [],
    tags: [
      ...(stage === 3 && random.chance(0.2) ? ['VIP'] : []),
      ...(random.chance(0.15) ? ['Wholesale'] : []),
      ...(random.chance(0.3) ? ['Newsletter'] : []),
    ],
    company_id: random.chance(0.25) ? random.pick(companyIds) : null,
    assignee_id: random.chance(0.6) ? random.pick(o.team) : null,
    source: random.pick(['whatsapp', 'website', 'referral', 'trade_show', 'instagram']),
    city: country.city,
    country: country.name,
    language: arabic ? 'ar' : 'en',
    custom_fields: stage === 3 ? { last_order: String(47_000 + random.int(1500)), orders: 1 + random.int(8) } : {},
    created_at: new Date(o.now.getTime() - random.int(240) * DAY - random.int(DAY)).toISOString(),
    stage,
  };
}

const dealTitles = {
  en: [
    'Living room lighting',
    'Hotel rooms fit-out',
    'Office desks',
    'Café seating',
    'Dining set Oslo',
    'Bedside lamps',
    'Outdoor furniture',
  ],
  ar: ['إضاءة فيلا', 'أثاث مكتب', 'تجهيز عيادة', 'غرفة معيشة كاملة'],
};

/** Which contacts were given Arabic names: see `person`. */
const isArabic = (contact: number) => contact % 5 < 2;

async function seedDeals(client: pg.PoolClient, o: CrmOptions, contactIds: readonly string[]): Promise<void> {
  const { random } = o;
  const deals = Array.from({ length: DEALS }, (_, index) => ({
    title: random.pick(isArabic(index * 2) ? dealTitles.ar : dealTitles.en),
    contact_id: contactIds[index * 2],
    owner_id: random.pick(o.team),
    stage: random.pick([
      'new',
      'lead',
      'lead',
      'qualified',
      'qualified',
      'proposal',
      'proposal',
      'negotiation',
      'won',
      'lost',
    ]),
    value: (2 + random.int(60)) * 250,
    source: random.pick(['whatsapp', 'website', 'referral']),
    expected_close_date: new Date(o.now.getTime() + (random.int(60) - 10) * DAY).toISOString().slice(0, 10),
    created_at: new Date(o.now.getTime() - random.int(45) * DAY).toISOString(),
  }));
  await client.query(
    `insert into public.deals (organization_id, title, contact_id, company_id, owner_id, stage, value, source, expected_close_date, created_at)
     select $1, d.title, d.contact_id, c.company_id, d.owner_id, d.stage, d.value, d.source, d.expected_close_date, d.created_at
     from jsonb_to_recordset($2) as d(title text, contact_id uuid, owner_id uuid, stage text, value numeric, source text,
       expected_close_date date, created_at timestamptz) join public.contacts c on c.id = d.contact_id`,
    [o.organizationId, JSON.stringify(deals)],
  );
}

const taskTitles = {
  en: [
    'Call about delivery window',
    'Send quotation',
    'Check stock for Oslo table',
    'Arrange replacement shade',
    'Follow up on invoice',
    'Confirm showroom visit',
  ],
  ar: ['إرسال الكتالوج', 'متابعة عرض السعر', 'تأكيد موعد التوصيل'],
};

async function seedTasks(client: pg.PoolClient, o: CrmOptions, contactIds: readonly string[]): Promise<void> {
  const { random } = o;
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    title: random.pick(isArabic(index * 3 + 1) ? taskTitles.ar : taskTitles.en),
    contact_id: contactIds[index * 3 + 1],
    assignee_id: random.pick(o.team),
    due_date: random.chance(0.85) ? new Date(o.now.getTime() + (random.int(14) - 4) * DAY).toISOString() : null,
    completed: random.chance(0.3),
    priority: random.pick(['LOW', 'MEDIUM', 'MEDIUM', 'HIGH']),
  }));
  await client.query(
    `insert into public.tasks (organization_id, title, contact_id, assignee_id, due_date, completed, priority)
     select $1, title, contact_id, assignee_id, due_date, completed, priority
     from jsonb_to_recordset($2) as t(title text, contact_id uuid, assignee_id uuid, due_date timestamptz, completed boolean, priority text)`,
    [o.organizationId, JSON.stringify(tasks)],
  );
}

const replies: readonly [name: string, shortcut: string, content: string, language: string][] = [
  ['Greeting', 'hi', 'Hello {{contact.first_name}}, thank you for writing to Lumen Home. How can I help?', 'en'],
  ['Opening hours', 'hours', 'Our showroom is open Saturday to Thursday, 10:00 to 18:00.', 'en'],
  [
    'Returns',
    'returns',
    'You can return unused items in the original box within 14 days. Return shipping is free within the country.',
    'en',
  ],
  [
    'Order number',
    'order',
    'Could you send me your order number? It begins with 47 or 48 and is in the confirmation e-mail.',
    'en',
  ],
  ['Closing', 'bye', 'I am glad I could help. Have a lovely day!', 'en'],
  ['ترحيب', 'اهلا', 'أهلًا {{contact.first_name}}، شكرًا لتواصلك مع لومن هوم. كيف يمكننا مساعدتك؟', 'ar'],
  ['مواعيد العمل', 'مواعيد', 'المعرض مفتوح من السبت إلى الخميس، من ١٠ صباحًا حتى ٦ مساءً.', 'ar'],
];

async function seedReplies(client: pg.PoolClient, organizationId: string): Promise<void> {
  for (const [name, shortcut, content, language] of replies) {
    await client.query(
      'insert into public.quick_replies (organization_id, name, shortcut, content, language) values ($1, $2, $3, $4, $5)',
      [organizationId, name, shortcut, content, language],
    );
  }
}
