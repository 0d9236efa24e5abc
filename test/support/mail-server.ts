import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  /** The plain text, decoded. */
  readonly text: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The reply to the next mails' content, such as `451 later`; null takes them. */
  answer: string | null;
  close(): Promise<void>;
}

/** A mail server of a few lines on this machine: enough of SMTP to take a mail, or to refuse it. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(socket);
  });

  function serve(socket: Socket): void {
    let buffer = '';
    let to = '';
    let content: string[] | null = null;
    socket.setEncoding('utf8');
    socket.write('220 mail\r\n');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      for (let at = buffer.indexOf('\r\n'); at >= 0; at = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        if (content === null) command(line);
        else if (line === '.') {
          if (mail.answer === null) mails.push(parsed(to, content.join('\r\n')));
          socket.write(`${mail.answer ?? '250 taken'}\r\n`);
          content = null;
        } else content.push(line.startsWith('..') ? line.slice(1) : line);
      }
    });
    const command = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'RCPT') to = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (word === 'DATA') {
        content = [];
        socket.write('354 go on\r\n');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 fine\r\n');
    };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    answer: null,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return mail;
}

function parsed(to: string, content: string): ReceivedMail {
  const head = content.slice(0, content.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const part = /Content-Type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/i.exec(content);
  const base64 = /Content-Type: text\/plain[\s\S]*?base64/i.test(content.slice(0, (part?.index ?? 0) + 300));
  const raw = part?.[1] ?? '';
  const text = base64 ? Buffer.from(raw, 'base64').toString('utf8') : decoded(raw);
  return { to, messageId: header('Message-ID'), subject: header('Subject'), text };
}

/** Quoted-printable. */
function decoded(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
