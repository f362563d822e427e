import { defineTask, RetryLater as JobRetryLater, type Task } from '@connectgain/jobs';
import { transaction } from '@connectgain/postgres';
import type pg from 'pg';
import { z } from 'zod';
import { type ProcessInboundOptions, processInbound } from './inbound/processInbound.ts';
import { type RehostMediaOptions, rehostMedia } from './inbound/rehostMedia.ts';
import { acknowledge, sendReaction } from './outbound/echoToProvider.ts';
import { RetryLater, type SendMessageOptions, sendOrGiveUp } from './outbound/sendMessage.ts';

export interface MessagingTasksOptions
  extends Omit<ProcessInboundOptions, 'inTransaction' | 'queueMedia' | 'db'>,
    Omit<RehostMediaOptions, 'db'>,
    Omit<SendMessageOptions, 'db'> {
  owner: pg.Pool;
}

const inboundPayload = z.object({ inbound_event_id: z.uuid() });
const messagePayload = z.object({ message_id: z.uuid() });
const attachmentPayload = z.object({ attachment_id: z.uuid() });
const reactionPayload = z.object({ message_id: z.uuid(), emoji: z.string().nullable() });
const conversationPayload = z.object({ conversation_id: z.uuid() });

/** The jobs of this room. Calls to providers run beside, not before, what customers send us. */
export function messagingTasks(o: MessagingTasksOptions): Task[] {
  const inbound: ProcessInboundOptions = {
    ...o,
    db: o.owner,
    inTransaction: (work) => transaction(o.owner, work),
    queueMedia: async (tx, attachmentId) => {
      await tx.query(
        `select jobs.add(task => 'media.fetch', payload => jsonb_build_object('attachment_id', $1::uuid), max_attempts => 8)`,
        [attachmentId],
      );
    },
  };
  return [
    defineTask('inbound.process', inboundPayload, (payload, context) =>
      processInbound(inbound, payload.inbound_event_id, context.attempt),
    ),
    defineTask(
      'messages.send',
      messagePayload,
      async (payload, context) => {
        try {
          await sendOrGiveUp({ ...o, db: o.owner }, payload.message_id, context.lastAttempt);
        } catch (error) {
          if (error instanceof RetryLater && error.retryAfterMs !== undefined) {
            throw new JobRetryLater(error.message, error.retryAfterMs / 1000, { cause: error });
          }
          throw error;
        }
      },
      { pool: 'slow' },
    ),
    defineTask(
      'messages.react',
      reactionPayload,
      (payload) => sendReaction({ ...o, db: o.owner }, payload.message_id, payload.emoji),
      { pool: 'slow' },
    ),
    defineTask(
      'conversations.acknowledge',
      conversationPayload,
      (payload) => acknowledge({ ...o, db: o.owner }, payload.conversation_id),
      { pool: 'slow' },
    ),
    defineTask(
      'media.fetch',
      attachmentPayload,
      (payload, context) => rehostMedia({ ...o, db: o.owner }, payload.attachment_id, context.lastAttempt),
      { pool: 'slow' },
    ),
  ];
}

/** Puts a stored provider event into work again: the Reprocess button. */
export async function reprocessInbound(owner: pg.Pool, inboundEventId: string): Promise<void> {
  await owner.query(`update public.inbound_events set status = 'RECEIVED' where id = $1 and status <> 'RECEIVED'`, [
    inboundEventId,
  ]);
}
