import {
  createGraphSimulator,
  type GraphSimulator,
  type GraphSimulatorOptions,
} from '@connectgain/testing/simulators/graph/index.ts';
import { onTestFinished } from 'vitest';
import type { ChannelAccount } from '../../account.ts';
import type { ChannelFailure } from '../../failure.ts';
import { ChannelError } from '../../failure.ts';
import type { OutboundContent, OutboundMessage } from '../../outbound.ts';
import type { Transport } from '../../transport.ts';
import { whatsappCloud } from '../index.ts';

export const customerId = '16505551234';

export interface Bench {
  sim: GraphSimulator;
  account: ChannelAccount;
  send(content: OutboundContent, rest?: Partial<OutboundMessage>): ReturnType<typeof whatsappCloud.send>;
}

/** The real fetch: these tests speak HTTP to the simulator. */
export const http: Transport = (url, request) => fetch(url, request);

/** A simulator on a port of its own, and an account of ours that points at it. */
export async function startBench(options: GraphSimulatorOptions = {}): Promise<Bench> {
  const sim = createGraphSimulator(options);
  onTestFinished(() => sim.close());
  const account: ChannelAccount = {
    id: 'account-1',
    type: 'WHATSAPP_CLOUD',
    settings: { phone_number_id: sim.account.number.id, waba_id: sim.account.waba.id, verify_token: 'cg_verify' },
    secrets: { access_token: sim.account.accessToken },
    baseUrl: await sim.listen(),
  };
  return {
    sim,
    account,
    send: (content, rest = {}) =>
      whatsappCloud.send(account, { to: { externalId: customerId }, content, ...rest }, http),
  };
}

/** The failure that a call ends in. */
export async function failureOf(call: Promise<unknown>): Promise<ChannelFailure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ChannelError) return error.failure;
    throw error;
  }
  throw new Error('The call succeeded.');
}

export const png = new Uint8Array(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
