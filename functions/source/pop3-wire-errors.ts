import { say } from '../sentences/say.ts';
import { toSourceError } from './connection-errors.ts';
import { SourceError } from './errors.ts';
import type { ReplyFault } from './pop3-reader.ts';
import type { SourceSettings } from './source.ts';

/** What goes wrong with a POP connection, in sentences. */

/** A connect that nobody answers within our own timeout is what the system calls ETIMEDOUT after its own. */
export function unanswered(settings: SourceSettings): SourceError {
  return toSourceError(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }), settings);
}

/** Nothing came within the timeout. */
export function silent(settings: SourceSettings): SourceError {
  const hint = settings.security === 'tls' ? 'does not use TLS' : 'uses TLS';
  return new SourceError(
    'timeout',
    `${place(settings)} did not answer within ${seconds(settings)} s. The server may be busy, or this port ${hint}.`,
  );
}

/** An answer began and did not go on. */
export function hung(settings: SourceSettings): SourceError {
  return new SourceError(
    'timeout',
    `${place(settings)} stopped in the middle of an answer and sent nothing for ${seconds(settings)} s. It is tried again.`,
  );
}

/** The connection is gone, by whose doing ever. */
export function disconnected(settings: SourceSettings): SourceError {
  return new SourceError('disconnected', `The connection to ${place(settings)} was lost.`);
}

/** Bytes came that belong to no command. A server may say goodbye on its own (idle `-ERR`). */
export function outOfTurn(chunk: Buffer, settings: SourceSettings): SourceError {
  return chunk[0] === 0x2d
    ? disconnected(settings)
    : new SourceError('protocol', `${place(settings)} sent an answer that nobody asked for.`);
}

/** A message ended at a lone dot and went on: what was read of it is not all of it. */
export function unescapedDot(settings: SourceSettings): SourceError {
  return new SourceError(
    'protocol',
    `${place(settings)} sent a message in a way that does not show where it ends (a dot alone on a line).`,
  );
}

/** More came in plain text after the answer to STLS: it would be believed as if it had come encrypted. */
export function plainAfterStls(settings: SourceSettings, cause: SourceError): SourceError {
  return new SourceError('tls', `${place(settings)} went on in plain text after STLS was agreed.`, { cause });
}

/** What came was no answer, or more than is taken. */
export function faultError(fault: ReplyFault, settings: SourceSettings): SourceError {
  switch (fault) {
    case 'tls':
      return new SourceError('tls', say('tls/from-the-start', { place: place(settings) }));
    case 'not-pop':
      return new SourceError(
        'protocol',
        `${place(settings)} does not answer like a POP server. Check the port, and whether it is an IMAP server.`,
      );
    case 'status-too-long':
      return new SourceError('protocol', `${place(settings)} sent an answer line without an end.`);
    case 'body-too-long':
      return new SourceError('protocol', `${place(settings)} sent more than Mailferry takes in one answer.`);
  }
}

function place({ host, port }: SourceSettings): string {
  return `${host}:${port}`;
}

function seconds({ timeout }: SourceSettings): number {
  return Math.max(1, Math.round(timeout / 1000));
}
