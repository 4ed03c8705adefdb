import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toSourceError } from './connection-errors.ts';
import type { SourceError } from './errors.ts';
import type { Target } from './guard.ts';
import { disconnected, silent, unanswered } from './pop3-wire-errors.ts';
import { tlsOptions } from './secure.ts';
import type { SourceSettings } from './source.ts';

/**
 * Connects to an address that the guard has checked, with TLS at once where the settings say so.
 *
 * @throws SourceError `unreachable` when nothing answers, `tls` when the handshake fails, `timeout`
 */
export async function openSocket(settings: SourceSettings, target: Target): Promise<Socket> {
  const socket = connect({ host: target.address, port: settings.port, noDelay: true });
  await ready(socket, 'connect', settings);
  return settings.security === 'tls' ? secured(socket, settings, target) : socket;
}

/**
 * Sets up TLS on an open connection.
 *
 * @throws SourceError `tls`, `timeout` or `disconnected`; the connection is gone then
 */
export async function secured(plain: Socket, settings: SourceSettings, target: Target): Promise<Socket> {
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
