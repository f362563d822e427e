import type { ChannelAdapter } from '@connectgain/channels/contract.ts';

/** The adapter of a stored channel type; undefined for types that are not connected to anything yet. */
export type AdapterLookup = (channelType: string) => ChannelAdapter | undefined;

export function adapterLookup(adapters: readonly ChannelAdapter[]): AdapterLookup {
  const byType = new Map<string, ChannelAdapter>(adapters.map((adapter) => [adapter.type, adapter]));
  return (type) => byType.get(type);
}
