import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toSourceError } from '../connection-errors.ts';
import { SourceError } from '../errors.ts';
import { tlsOptions } from '../secure.ts';
import { type Endpoint, shown } from './candidate.ts';
import type { Network } from './network.ts';

/** The longest answer that is waited for, in octets: greetings and capabilities are far shorter. */
const LONGEST_ANSWER = 16 * 1024;

/** A connection on which lines go out and text comes back, until its signal aborts. */
export interface Wire {
  /** Waits until what came is complete, and gives it (Latin-1). Throws SourceError. */
  receive(isComplete: (text: string) => boolean): Promise<string>;
  send(line: string): void;
  /** Sets up TLS on the open connection. Throws SourceError. */
  startTls(): Promise<void>;
  close(): void;
}

/**
 * Connects to a mail server at the address that the guard has checked, with TLS at once where the endpoint says so.
 *
 * @throws SourceError of any code
 */
export async function openWire(endpoint: Endpoint, network: Network, signal: AbortSignal): Promise<Wire> {
  const { host, port, security } = endpoint;
  const target = await network.target(host);
  if (signal.aborted) throw late(endpoint);
  const secure = tlsOptions({ ...(network.ca === undefined ? {} : { ca: network.ca }) }, target);
  let socket: Socket =
    security === 'tls' ? connectTls({ ...secure, port }) : connect({ host: target.address, port });
  let received = '';
  let failure: SourceError | null = null;
  let changed: () => void = () => undefined;

  const fail = (error: SourceError) => {
    failure ??= error;
    socket.destroy();
    changed();
  };
  const onAbort = () => fail(late(endpoint));
  signal.addEventListener('abort', onAbort, { once: true });
  const onData = (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (received.length > LONGEST_ANSWER) fail(tooMuch(endpoint));
    changed();
  };
  const onClose = () => fail(toSourceError(null, endpoint));
  const onError = (error: unknown) => fail(toSourceError(error, endpoint));
  const attach = () => socket.on('data', onData).on('error', onError).on('close', onClose);
  attach();

  /** Waits for something to happen until there is a result; a failure ends it. */
  const until = async <T>(result: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = result();
      if (found !== undefined) return found;
      if (failure !== null) throw failure;
      await new Promise<void>(resolve => {
        changed = resolve;
      });
    }
  };

  return {
    receive: isComplete =>
      until(() => {
        if (!isComplete(received)) return undefined;
        const text = received;
        received = '';
        return text;
      }),
    send: line => void socket.write(`${line}\r\n`),
    async startTls() {
      // Plain text behind the agreement would otherwise be believed as if it had come encrypted.
      if (received !== '') throw new SourceError('tls', `${shown(host)} went on in plain text.`);
      socket.off('data', onData).off('close', onClose);
      let secured = false;
      socket = connectTls({ ...secure, socket }).once('secureConnect', () => {
        secured = true;
        changed();
      });
      attach();
      await until(() => secured || undefined);
    },
    close() {
      signal.removeEventListener('abort', onAbort);
      failure ??= toSourceError(null, endpoint);
      socket.destroy();
    },
  };
}

function late({ host, port }: Endpoint): SourceError {
  return new SourceError('timeout', `${shown(host)}:${port} did not answer in time.`);
}

function tooMuch({ host, port }: Endpoint): SourceError {
  return new SourceError('protocol', `${shown(host)}:${port} does not answer like a mail server.`);
}
