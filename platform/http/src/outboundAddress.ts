import ipaddr from 'ipaddr.js';

/**
 * Public by range, but answering on the inside of a cloud: Azure's wire server. The others (169.254.169.254, fd00:ec2::254,
 * 100.100.100.200, 192.0.0.192) fall into ranges that are refused whole.
 */
const METADATA = new Set(['168.63.129.16']);

/**
 * True for an address on the public internet. Loopback, unspecified, link-local, private, unique-local, carrier-grade NAT, multicast,
 * broadcast, reserved and documentation ranges are not, nor is anything that ipaddr.js cannot read.
 *
 * IPv6 forms that carry an IPv4 address are judged by that address: mapped (RFC 4291 section 2.5.5.2), NAT64 (RFC 6052) and the deprecated
 * "compatible" form. 6to4 and Teredo are refused: nobody serves from them any more and both can be made to point inside.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return isPublicV4(address);
  const range = address.range();
  if (range === 'ipv4Mapped') return isPublicV4(address.toIPv4Address());
  const bytes = address.toByteArray();
  if (range === 'rfc6052') return isPublicV4(new ipaddr.IPv4(bytes.slice(12)));
  // ::/96, which ipaddr.js counts as unicast.
  if (bytes.slice(0, 12).every((byte) => byte === 0)) return false;
  // Only 2000::/3 is allocated as global unicast (IANA registry); the rest of the space is not the internet.
  return range === 'unicast' && ((bytes[0] ?? 0) & 0xe0) === 0x20;
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !METADATA.has(address.toString());
}

/** A host name as URLs and configuration may spell it: lower case, no brackets, no trailing dot. */
export function normalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Whether `host`, or `host:port` exactly, is in the operator's list. Entries: `example.test`, `10.0.0.5:8080`, `[::1]:8080`. */
export function isAllowed(host: string, port: string, allow: readonly string[]): boolean {
  const wanted = normalHost(host);
  return allow.some((entry) => {
    const [, entryHost, entryPort] = /^(\[[^\]]+\]|[^:]+|[^[\]]*:[^[\]]*:[^[\]]*)(?::(\d+))?$/.exec(entry.trim()) ?? [];
    if (entryHost === undefined) return false;
    return normalHost(entryHost) === wanted && (entryPort === undefined || entryPort === port);
  });
}
