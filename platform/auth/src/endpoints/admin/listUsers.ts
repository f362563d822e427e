import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readQuery, text } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { publicUser, USER_COLUMNS, type UserRecord } from '../../users/userRecord.ts';

/** auth-js sends both, empty when the caller gave none. */
function whole(o: { absent: number; max: number }) {
  return text
    .optional()
    .transform((value) => (value === undefined || value === '' ? String(o.absent) : value))
    .refine((value) => /^[1-9]\d{0,8}$/.test(value), 'must be a whole number from 1')
    .transform((value) => Math.min(Number(value), o.max));
}

const query = z.object({
  page: whole({ absent: 1, max: 1_000_000 }),
  per_page: whole({ absent: 50, max: 1000 }),
  filter: text.optional(),
});

/** `GET /admin/users?page&per_page&filter`: newest first; the filter looks in e-mail, name and id. Pages are in `Link`, the count in `X-Total-Count`. */
export function listUsersRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.get('/admin/users', async (request, reply) => {
    const { page, per_page: perPage, filter } = readQuery(query, request.query);
    const pattern = filter ? `%${filter.replace(/[\\%_]/g, '\\$&')}%` : null;
    const where = `($1::text is null or u.email ilike $1 or u.id::text ilike $1 or u.raw_user_meta_data ->> 'full_name' ilike $1
      or concat_ws(' ', u.raw_user_meta_data ->> 'first_name', u.raw_user_meta_data ->> 'last_name') ilike $1)`;
    const [users, count] = await Promise.all([
      ctx.pool.query<UserRecord>(
        `select ${USER_COLUMNS} from auth.users u where ${where} order by u.created_at desc, u.id limit $2 offset $3`,
        [pattern, perPage, (page - 1) * perPage],
      ),
      ctx.pool.query<{ total: number }>(`select count(*)::int as total from auth.users u where ${where}`, [pattern]),
    ]);
    const total = count.rows[0]?.total ?? 0;
    reply.headers({ 'x-total-count': String(total), link: pageLinks(request.url, { page, perPage, total }) });
    return { users: users.rows.map(publicUser), aud: 'authenticated' };
  });
}

/** RFC 8288. `page` comes first in each URL because auth-js reads what follows the first `=`. */
function pageLinks(url: string, o: { page: number; perPage: number; total: number }): string {
  const path = url.replace(/\?.*$/s, '');
  const last = Math.max(1, Math.ceil(o.total / o.perPage));
  const link = (page: number, rel: string) => `<${path}?page=${page}&per_page=${o.perPage}>; rel="${rel}"`;
  return [...(o.page < last ? [link(o.page + 1, 'next')] : []), link(last, 'last')].join(', ');
}
