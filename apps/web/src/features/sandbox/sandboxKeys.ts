import { keys } from '#api/queryKeys.ts';

/** This area's part of the query cache. */
export const sandboxKeys = {
  /** Below the workspace's channels, so that whatever changes those reads these again. */
  channels: [...keys.channels, 'sandbox'] as const,
  people: (channelId: string) => ['sandbox', 'people', channelId] as const,
  person: (channelId: string, phone: string) => ['sandbox', 'person', channelId, phone] as const,
  lives: (channelId: string) => ['sandbox', 'lives', channelId] as const,
  livesOf: (channelId: string, conversationId: string | null, phone: string) =>
    ['sandbox', 'lives', channelId, conversationId, phone] as const,
  disturbance: ['sandbox', 'disturbance'] as const,
  outcome: ['sandbox', 'outcome'] as const,
  payload: (eventId: string) => ['sandbox', 'payload', eventId] as const,
};
