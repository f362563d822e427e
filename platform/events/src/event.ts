import type { ClientBase, Pool } from 'pg';

/** Something that happened, as it was at that moment. */
export interface DomainEvent {
  id: string;
  organizationId: string | null;
  /** `noun.verb`, such as `message.received`. */
  type: string;
  entityType: string;
  entityId: string | null;
  actorId: string | null;
  payload: Record<string, unknown>;
  createdAt: Date;
}

export interface NewEvent {
  type: string;
  organizationId: string | null;
  entityType: string;
  entityId: string | null;
  payload?: Record<string, unknown>;
  /** Who did it; the `sub` of the request's claims when absent. */
  actorId?: string;
}

type Queryable = Pick<Pool | ClientBase, 'query'>;

/** Writes an event; with a client inside a transaction it exists when that commits. The same as `events.emit(...)` in SQL. Returns its id. */
export async function emitEvent(db: Queryable, event: NewEvent): Promise<string> {
  const { rows } = await db.query<{ id: string }>({
    name: 'events_emit',
    text: 'select events.emit($1, $2, $3, $4, $5, $6) as id',
    values: [
      event.type,
      event.organizationId,
      event.entityType,
      event.entityId,
      event.payload ?? {},
      event.actorId ?? null,
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('The database did not say which event it wrote.');
  return row.id;
}

/** The columns of public.events under the names of {@link DomainEvent}; `event` is the table's alias. */
export const EVENT_COLUMNS = `event.id, event.organization_id as "organizationId", event.type, event.entity_type as "entityType",
  event.entity_id as "entityId", event.actor_id as "actorId", event.payload, event.created_at as "createdAt"`;
