import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toSourceError } from './connection-errors.ts';
import { SourceError } from './errors.ts';
import type { Target } from './guard.ts';
import {
  createReplyReader,
  type Pop3Limits,
  type Reply,
  type ReplyFault,
  type ReplyKind,
  type ReplyReader,
} from './pop3-reader.ts';
import { tlsOptions } from './secure.ts';
import type { SourceSettings } from './source.ts';

/** One connection to a POP server: a line goes out, an answer comes back. Only SourceErrors are thrown. */
export interface Pop3Wire {
  /**
   * Sends a line (with its CRLF; null: only waits, for the greeting) and reads the answer to it. One at a
   * time. The status line must come within the timeout of the settings, and so must each further piece of a body.
   *
   * @throws SourceError `timeout`, `disconnected`, `tls` or `protocol`; the connection is gone then
   */
  exchange(line: string | null, kind: ReplyKind): Promise<Reply>;
  /** Sets up TLS on the open connection, after the server agreed to STLS (RFC 2595 section 4). */
  startTls(): Promise<void>;
  /** Drops the connection; what is waiting for an answer is told `disconnected`. */
  destroy(): void;
  /** Why the connection is gone; null while it stands. */
  lost(): SourceError | null;
}

interface Pending {
  reader: ReplyReader;
  /** The status line has come, and a body follows. */
  inBody: boolean;
  timer: NodeJS.Timeout;
  resolve(reply: Reply): void;
  reject(error: SourceError): void;
}

/**
 * Connects to an address that the guard has checked, with TLS at once where the settings say so.
 *
 * @throws SourceError `unreachable` when nothing answers, `tls` when the handshake fails, `timeout`
 */
export async function openWire(
  settings: SourceSettings,
  target: Target,
  limits: Pop3Limits,
): Promise<Pop3Wire> {
  const socket = connect({ host: target.address, port: settings.port, noDelay: true });
  await ready(socket, 'connect', settings);
  const first = settings.security === 'tls' ? await secured(socket, settings, target) : socket;
  return createWire(first, settings, target, limits);
}

function createWire(first: Socket, settings: SourceSettings, target: Target, limits: Pop3Limits): Pop3Wire {
  let socket = first;
  let lost: SourceError | null = null;
  let pending: Pending | null = null;
  let listening = false;
  attach();

  return { exchange, startTls, destroy: () => fail(disconnected(settings)), lost: () => lost };

  function exchange(line: string | null, kind: ReplyKind): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (lost !== null) throw new SourceError('disconnected', lost.message, { cause: lost });
      if (pending !== null) throw new Error('a POP connection carries one command at a time');
      const timer = setTimeout(
        () => fail(pending?.inBody ? hung(settings) : silent(settings)),
        settings.timeout,
      );
      pending = { reader: createReplyReader(kind, limits), inBody: false, timer, resolve, reject };
      // Only now, so that a greeting which is already here waits in the socket for its reader.
      if (!listening) socket.on('data', onData);
      listening = true;
      if (line !== null) socket.write(line);
    });
  }

  function onData(chunk: Buffer): void {
    if (lost !== null) return;
    if (pending === null) {
      fail(outOfTurn(chunk));
      return;
    }
    const result = pending.reader.push(chunk);
    if (result.state === 'fault') {
      fail(faultError(result.fault, settings));
      return;
    }
    if (result.state === 'more') {
      pending.inBody = result.inBody;
      if (result.inBody) pending.timer.refresh();
      return;
    }
    const { timer, resolve } = pending;
    clearTimeout(timer);
    pending = null;
    resolve(result.reply);
    if (result.rest.length > 0) fail(outOfTurn(result.rest));
  }

  /** A server may say goodbye on its own (idle `-ERR`); anything else would be taken for the next answer. */
  function outOfTurn(chunk: Buffer): SourceError {
    return chunk[0] === 0x2d
      ? disconnected(settings)
      : new SourceError('protocol', `${place(settings)} sent an answer that nobody asked for.`);
  }

  async function startTls(): Promise<void> {
    // Plain text behind the answer to STLS would otherwise be believed as if it had come encrypted.
    if (lost !== null) {
      throw new SourceError('tls', `${place(settings)} went on in plain text after STLS was agreed.`, {
        cause: lost,
      });
    }
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    listening = false;
    try {
      socket = await secured(socket, settings, target);
    } catch (error) {
      lost = toSourceError(error, settings);
      throw lost;
    }
    attach();
  }

  function attach(): void {
    socket.on('error', onError).on('end', onEnd).on('close', onEnd);
    if (socket.destroyed) onEnd();
  }

  function onError(error: Error): void {
    fail(toSourceError(error, settings));
  }

  function onEnd(): void {
    fail(disconnected(settings));
  }

  function fail(error: SourceError): void {
    if (lost !== null) return;
    lost = error;
    socket.destroy();
    if (pending === null) return;
    clearTimeout(pending.timer);
    pending.reject(error);
    pending = null;
  }
}

async function secured(plain: Socket, settings: SourceSettings, target: Target): Promise<Socket> {
  const socket = connectTls({ ...tlsOptions(settings, target), socket: plain });
  await ready(socket, 'secureConnect', settings);
  return socket;
}

/** Waits until a connection stands; drops it when it does not within the timeout. */
function ready(socket: Socket, event: 'connect' | 'secureConnect', settings: SourceSettings): Promise<void> {
  // An error event without a listener would end the process: this one stays.
  socket.on('error', () => {});
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle(event === 'connect' ? unanswered(settings) : silent(settings));
    }, settings.timeout);
    const onReady = (): void => settle(null);
    const onError = (error: Error): void => settle(toSourceError(error, settings));
    const onClose = (): void => settle(disconnected(settings));
    socket.once(event, onReady).once('error', onError).once('close', onClose);

    function settle(error: SourceError | null): void {
      clearTimeout(timer);
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      if (error === null) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    }
  });
}

function place({ host, port }: SourceSettings): string {
  return `${host}:${port}`;
}

/** A connect that nobody answers within our own timeout is what the system calls ETIMEDOUT after its own. */
function unanswered(settings: SourceSettings): SourceError {
  return toSourceError(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }), settings);
}

function silent(settings: SourceSettings): SourceError {
  const seconds = Math.max(1, Math.round(settings.timeout / 1000));
  const hint = settings.security === 'tls' ? 'does not use TLS' : 'uses TLS';
  return new SourceError(
    'timeout',
    `${place(settings)} did not answer within ${seconds} s. The server may be busy, or this port ${hint}.`,
  );
}

function hung(settings: SourceSettings): SourceError {
  const seconds = Math.max(1, Math.round(settings.timeout / 1000));
  return new SourceError(
    'timeout',
    `${place(settings)} stopped in the middle of an answer and sent nothing for ${seconds} s. It is tried again.`,
  );
}

function disconnected(settings: SourceSettings): SourceError {
  return new SourceError('disconnected', `The connection to ${place(settings)} was lost.`);
}

function faultError(fault: ReplyFault, settings: SourceSettings): SourceError {
  switch (fault) {
    case 'tls':
      return new SourceError(
        'tls',
        `${place(settings)} speaks TLS from the start. Choose TLS for this port, or another port.`,
      );
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
