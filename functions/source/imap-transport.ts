import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import type { ImapTransport } from 'imapflow';
import { say } from '../sentences/say.ts';
import { SourceError } from './errors.ts';
import type { Target } from './guard.ts';
import type { SourceSettings } from './source.ts';

/** How far a connection came, so that a time-out can be explained. */
export interface Progress {
  connected: boolean;
  greeted: boolean;
}

/** Longest line that may stand where the greeting is due, in octets. */
const GREETING_LENGTH = 2_048;

/**
 * Opens sockets for imapflow: to the address that was checked and to no other, with the certificate verified
 * for the host name, and with a look at the first line. imapflow skips lines it does not understand, so
 * without that look a web server's answer would be a time-out.
 */
export function imapTransport(settings: SourceSettings, target: Target, progress: Progress): ImapTransport {
  const { host, port, ca } = settings;
  const place = `${host}:${port}`;
  const options = {
    host: target.address,
    port,
    rejectUnauthorized: true,
    ...(target.servername ? { servername: target.servername } : {}),
    ...(ca ? { ca: [...rootCertificates, ca] } : {}),
  };
  const connected = (socket: Socket | TLSSocket, onConnect: () => void) => {
    progress.connected = true;
    checkGreeting(socket, place, progress);
    onConnect();
  };
  return {
    connect({ secure }, onConnect) {
      const socket: Socket | TLSSocket = secure
        ? connectTls(options, () => connected(socket, onConnect))
        : connectTcp({ host: target.address, port }, () => connected(socket, onConnect));
      return socket;
    },
    upgrade(socket, _options, onSecure) {
      if (!(socket instanceof Socket))
        throw new SourceError('tls', `TLS could not be started with ${place}.`);
      const { port: _port, ...rest } = options;
      return connectTls({ ...rest, socket }, onSecure);
    },
  };
}

/** Ends the connection with a SourceError when the first line is not the greeting of RFC 9051 section 7.1. */
function checkGreeting(socket: Socket, place: string, progress: Progress): void {
  let line = '';
  const look = (chunk: Buffer) => {
    line += chunk.toString('latin1', 0, GREETING_LENGTH);
    const complete = line.includes('\n') || line.length >= GREETING_LENGTH;
    if (line.startsWith('*') && !complete) return;
    socket.off('data', look);
    if (/^\* (OK|PREAUTH|BYE)\b/i.test(line)) progress.greeted = true;
    else socket.destroy(notImap(line, place));
  };
  socket.on('data', look);
}

function notImap(line: string, place: string): SourceError {
  const first = line.charCodeAt(0);
  // A TLS record of type alert or handshake (RFC 8446 section 5.1).
  if (first === 0x15 || first === 0x16) {
    return new SourceError('tls', say('tls/from-the-start', { place }));
  }
  if (line.startsWith('+OK')) return new SourceError('protocol', say('protocol/pop-not-imap', { place }));
  if (/^220[ -]/.test(line)) return new SourceError('protocol', say('protocol/sends-mail', { place }));
  return new SourceError('protocol', `${place} does not speak IMAP. Check the server name and the port.`);
}
