import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isAllowed, isPublicAddress, normalHost } from './outboundAddress.ts';
import { OutboundError } from './outboundErrors.ts';

/** Turns a host name into addresses; replaceable so that tests need no DNS. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true, verbatim: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    );
  });

/**
 * An undici Agent that connects to public addresses only. The check is made on the very answer the socket connects to, so a name that
 * answers differently a moment later (DNS rebinding) gains nothing, and there is no way around it by redirect, keep-alive or odd
 * spellings of an address.
 */
export function createGuardedAgent(o: {
  allow: readonly string[];
  connectTimeoutMs: number;
  resolve?: Resolve;
}): Agent {
  const resolve = o.resolve ?? systemResolve;
  const connectAnywhere = buildConnector({ timeout: o.connectTimeoutMs, lookup: lookupBy(resolve, () => undefined) });
  const connectGuarded = buildConnector({ timeout: o.connectTimeoutMs, lookup: lookupBy(resolve, refusePrivate) });
  return new Agent({
    connect(options, callback) {
      const port = options.port || (options.protocol === 'https:' ? '443' : '80');
      const host = normalHost(options.hostname);
      if (isAllowed(host, port, o.allow)) return connectAnywhere(options, callback);
      if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(blocked(host, host), null);
      return connectGuarded(options, callback);
    },
    keepAliveTimeout: 10_000,
    maxOrigins: 256,
  });
}

function lookupBy(
  resolve: Resolve,
  check: (hostname: string, addresses: LookupAddress[]) => OutboundError | undefined,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        const refusal =
          first === undefined
            ? new OutboundError('dns', `The host name ${hostname} has no address.`)
            : check(hostname, addresses);
        if (refusal !== undefined || first === undefined) callback(refusal ?? null, '', 0);
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };
}

/** One private answer among public ones is refused whole: the system would choose, not we. */
function refusePrivate(hostname: string, addresses: LookupAddress[]): OutboundError | undefined {
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  return inside === undefined ? undefined : blocked(hostname, inside.address);
}

function blocked(host: string, address: string): OutboundError {
  const where = host === address ? address : `${host} (${address})`;
  return new OutboundError(
    'blocked_address',
    `${where} is not a public internet address, and outgoing calls may not go there. An operator can allow the host in OUTBOUND_ALLOW.`,
  );
}
