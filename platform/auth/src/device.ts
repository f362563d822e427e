import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Where a request came from, as it is written on the session. */
export interface Device {
  ip: string | null;
  userAgent: string | null;
}

export const NO_DEVICE: Device = { ip: null, userAgent: null };

export function deviceOf(request: Pick<FastifyRequest, 'ip' | 'headers'>): Device {
  const agent = request.headers['user-agent'];
  return {
    // Behind a proxy this is what a header said, and a link-local address may carry a zone that `inet` does not know.
    ip: isIP(request.ip) === 0 || request.ip.includes('%') ? null : request.ip,
    userAgent: agent === undefined || agent === '' ? null : agent.slice(0, 500),
  };
}

/**
 * The part of an address that belongs to one customer of an access provider: all of IPv4, the first 64 bits of IPv6, of which everybody has
 * 2^64 to change through.
 */
export function networkOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
