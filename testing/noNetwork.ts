import { Socket } from 'node:net';

/** Every worker runs this first: a test that would leave the machine fails with the address in its message. */
const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectLocally(this: Socket, ...args: unknown[]): Socket {
  const host = hostOf(args);
  if (host !== undefined && !isLocal(host)) {
    throw new Error(`Tests have no network, but something connects to ${host}: use a simulator from testing/.`);
  }
  return Reflect.apply(connect, this, args);
};

/** `connect(options)`, `connect(port, host)`, `connect(path)`; Node's own callers pass the arguments normalised as one array. */
function hostOf(args: unknown[]): string | undefined {
  const [first, second] = args;
  if (Array.isArray(first)) return hostOf(first);
  if (typeof first === 'object' && first !== null) {
    return 'host' in first && typeof first.host === 'string' ? first.host : undefined;
  }
  return typeof second === 'string' ? second : undefined;
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(host);
}
