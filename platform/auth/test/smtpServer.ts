import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SmtpServer {
  port: number;
  /** Messages as received, headers included. */
  messages: string[];
  /** Answers the next recipients with 451 instead of taking them. */
  refuse(times: number): void;
  /** Resolves when `count` messages are there. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A mail host that speaks as much SMTP (RFC 5321) as a client needs to hand over a message. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  let refusals = 0;
  let changed = Promise.withResolvers<void>();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write('220 mail.test ESMTP\r\n');
    let buffer = '';
    let inData = false;
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          messages.push(line);
          socket.write('250 taken\r\n');
          changed.resolve();
          changed = Promise.withResolvers<void>();
        } else socket.write(answer(line));
      }
    });
    function answer(line: string): string {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return '250-mail.test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';
      if (verb === 'RCPT' && refusals > 0) {
        refusals -= 1;
        return '451 try later\r\n';
      }
      if (verb === 'DATA') {
        inData = true;
        return '354 go on\r\n';
      }
      return verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const { port } = isInet(address) ? address : { port: 0 };
  return {
    port,
    messages,
    refuse(times) {
      refusals = times;
    },
    async received(count) {
      while (messages.length < count) await changed.promise;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function isInet(address: ReturnType<ReturnType<typeof createServer>['address']>): address is AddressInfo {
  return address !== null && typeof address !== 'string';
}
