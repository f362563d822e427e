import { defineTask, RetryLater as JobRetryLater, type Task } from '@connectgain/jobs';
import type pg from 'pg';
import { z } from 'zod';
import { createInboundDrain, type InboundDrainOptions } from './inbound/inboundDrain.ts';
import { type RehostMediaOptions, rehostMedia } from './inbound/rehostMedia.ts';
import { acknowledge, sendReaction } from './outbound/echoToProvider.ts';
import { RetryLater, type SendMessageOptions, sendOrGiveUp } from './outbound/sendMessage.ts';

export interface MessagingTasksOptions
  extends InboundDrainOptions,
    Omit<RehostMediaOptions, 'db'>,
    Omit<SendMessageOptions, 'db'> {}

/** With an id that event is tried again, else whatever waits is handled. */
const inboundPayload = z.object({ inbound_event_id: z.uuid().optional() });
const messagePayload = z.object({ message_id: z.uuid() });
const attachmentPayload = z.object({ attachment_id: z.uuid() });
const reactionPayload = z.object({ message_id: z.uuid(), emoji: z.string().nullable() });
const conversationPayload = z.object({ conversation_id: z.uuid() });

/** The jobs of this room. Calls to providers run beside, not before, what customers send us. */
export function messagingTasks(o: MessagingTasksOptions): Task[] {
  const inbound = createInboundDrain(o);
  return [
    defineTask('inbound.process', inboundPayload, ({ inbound_event_id: eventId }) =>
      eventId === undefined ? inbound.drain() : inbound.retry(eventId),
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
  await owner.query(
    `update public.inbound_events set status = 'RECEIVED', attempts = 0 where id = $1 and status <> 'RECEIVED'`,
    [inboundEventId],
  );
}
