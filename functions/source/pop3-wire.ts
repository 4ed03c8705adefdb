import type { Socket } from 'node:net';
import { toSourceError } from './connection-errors.ts';
import { SourceError } from './errors.ts';
import type { Target } from './guard.ts';
import { createExchange, type Exchange, type Reply } from './pop3-exchange.ts';
import { mayBeAnswer, type Pop3Limits, type ReplyKind } from './pop3-reader.ts';
import { openSocket, secured } from './pop3-socket.ts';
import {
  disconnected,
  faultError,
  hung,
  outOfTurn,
  plainAfterStls,
  silent,
  unescapedDot,
} from './pop3-wire-errors.ts';
import type { SourceSettings } from './source.ts';

/** A command that was sent, or waits to be. */
export interface Pending {
  /**
   * Waits for the answer. The status line must come within the timeout of the settings, and so must each further
   * piece of a body; only the time spent waiting for the server counts.
   *
   * @throws SourceError `timeout`, `disconnected`, `tls` or `protocol`; the connection is gone then
   */
  reply(): Promise<Reply>;
  /** Does not send it, if it was not sent yet. */
  cancel(): void;
}

/**
 * One connection to a POP server: lines go out, answers come back in the same order. Nothing is read from the
 * network unless somebody waits for it, so that no more than one answer is held however much a server sends.
 */
export interface Pop3Wire {
  /** Sends a line with its CRLF; null sends nothing and awaits the greeting. */
  send(line: string | null, kind: ReplyKind): Pending;
  /** `send`, and its answer. */
  exchange(line: string | null, kind: ReplyKind): Promise<Reply>;
  /** From now on a line is sent before the answers to those before it have come (RFC 2449 section 6.6). */
  pipeline(): void;
  /** Sets up TLS on the open connection, after the server agreed to STLS (RFC 2595 section 4). */
  startTls(): Promise<void>;
  /** Drops the connection; whoever waits for an answer is told `disconnected`. */
  destroy(): void;
  /** Whether answers are still to come. */
  isBusy(): boolean;
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
  return createWire(await openSocket(settings, target), settings, target, limits);
}

/** What a server must send within each timeout, in octets; less is a server that hangs by dripping. */
const LEAST_PROGRESS = 512;
const nothing = Buffer.alloc(0);

function createWire(first: Socket, settings: SourceSettings, target: Target, limits: Pop3Limits): Pop3Wire {
  let socket = first;
  let lost: SourceError | null = null;
  let isPipelining = false;
  /** In the order in which the answers will come. */
  const exchanges: Exchange[] = [];
  /** How many wait for an answer; a body that is given in chunks is waited for by itself. */
  let waiting = 0;
  /** Bytes that came for somebody who does not wait yet. */
  let held: Buffer = nothing;
  let isFlowing = false;
  let timer: NodeJS.Timeout | null = null;
  /** Octets that came since the timer began. */
  let moved = 0;
  /** The answer before was a message, which servers end wrongly. */
  let isBehindMessage = false;
  attach();

  return {
    send,
    exchange: (line, kind) => send(line, kind).reply(),
    pipeline() {
      isPipelining = true;
      for (const exchange of exchanges) write(exchange);
    },
    startTls,
    destroy: () => fail(disconnected(settings)),
    isBusy: () => exchanges.length > 0,
  };

  function send(line: string | null, kind: ReplyKind): Pending {
    const exchange = createExchange(kind, limits, readChunks);
    if (lost !== null) exchange.error = afterLoss(lost);
    else {
      exchange.unsent = line;
      exchanges.push(exchange);
      if (isPipelining || exchanges[0] === exchange) write(exchange);
    }
    return { reply: () => replyTo(exchange), cancel: () => cancel(exchange) };
  }

  function write(exchange: Exchange): void {
    if (exchange.unsent === null) return;
    // Lines that are sent together leave together.
    if (socket.writableCorked === 0) {
      const corked = socket;
      corked.cork();
      process.nextTick(() => corked.uncork());
    }
    socket.write(exchange.unsent);
    exchange.unsent = null;
  }

  function cancel(exchange: Exchange): void {
    if (exchange.unsent !== null) exchanges.splice(exchanges.indexOf(exchange), 1);
    exchange.unsent = null;
  }

  async function replyTo(exchange: Exchange): Promise<Reply> {
    // Chunks that nobody reads would keep every later answer back.
    if (exchanges[0] !== exchange && exchanges[0]?.isStreaming()) fail(disconnected(settings));
    if (exchange.reply() === null && exchange.error === null) await news(exchange);
    const reply = exchange.reply();
    if (exchange.error !== null || reply === null) throw exchange.error ?? disconnected(settings);
    return reply;
  }

  async function* readChunks(exchange: Exchange): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        for (const piece of exchange.takePieces()) yield piece;
        if (exchange.error !== null) throw exchange.error;
        if (!exchange.isReadable()) await news(exchange);
        else if (!exchange.isStreaming()) return;
      }
    } finally {
      if (exchange.isStreaming()) fail(disconnected(settings));
    }
  }

  /** Settles when there is more of an exchange, or an error. */
  function news(exchange: Exchange): Promise<void> {
    return new Promise(resolve => {
      waiting += 1;
      exchange.wake = resolve;
      pump();
    });
  }

  function wake(exchange: Exchange): void {
    if (exchange.wake === null) return;
    waiting -= 1;
    exchange.wake();
    exchange.wake = null;
  }

  function onData(chunk: Buffer): void {
    if (lost !== null) return;
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    pump();
  }

  /** Reads what is here as far as somebody waits for it, then lets more come, or does not. */
  function pump(): void {
    while (lost === null && held.length > 0) {
      const [exchange] = exchanges;
      if (exchange === undefined) fail(outOfTurn(held, settings), false);
      else if (!isAwaited(exchange)) break;
      else step(exchange);
    }
    if (lost !== null) return;
    const [exchange] = exchanges;
    // An idle connection flows, so that a goodbye is heard and not taken for the next answer.
    const isIdle = exchange === undefined;
    const isWaiting = exchange !== undefined && held.length === 0 && isAwaited(exchange);
    flow(isIdle || isWaiting);
    watch(isWaiting);
  }

  function isAwaited(exchange: Exchange): boolean {
    return exchange.isStreaming() ? exchange.wake !== null : waiting > 0;
  }

  function step(exchange: Exchange): void {
    moved += held.length;
    const rest = exchange.push(held);
    held = nothing;
    if (typeof rest === 'string') {
      // Behind a message this may be the rest of it, and not this answer at all.
      fail(faultError(rest, settings), rest !== 'not-pop' || !isBehindMessage);
      return;
    }
    const hasMessage = exchange.isMessage && exchange.reply()?.sign === 'ok';
    if (rest !== null && hasMessage && !mayBeAnswer(rest)) {
      fail(unescapedDot(settings));
      return;
    }
    // A status line has to come within one timeout; a body has as long as it moves.
    if (rest !== null || (exchange.inBody() && moved >= LEAST_PROGRESS)) {
      timer?.refresh();
      moved = 0;
    }
    if (rest !== null) finish(rest, hasMessage);
    if (exchange.reply() === null) return;
    // A long message that only stands before an answer somebody waits for: there is no place to keep it.
    if (exchange.isStreaming() && exchange.wake === null) fail(disconnected(settings));
    else wake(exchange);
  }

  /** The first answer is whole; what follows belongs to the next, if that was asked for. */
  function finish(rest: Buffer, hasMessage: boolean): void {
    exchanges.shift();
    isBehindMessage = hasMessage;
    const [next] = exchanges;
    if (rest.length > 0 && (next === undefined || next.unsent !== null)) {
      fail(outOfTurn(rest, settings), false);
      return;
    }
    held = rest;
    if (next !== undefined) write(next);
  }

  function flow(on: boolean): void {
    if (on === isFlowing) return;
    isFlowing = on;
    if (on) socket.resume();
    else socket.pause();
  }

  function watch(on: boolean): void {
    if (on) {
      if (timer === null) moved = 0;
      timer ??= setTimeout(() => {
        fail(exchanges[0]?.inBody() ? hung(settings) : silent(settings));
      }, settings.timeout);
    } else if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  }

  async function startTls(): Promise<void> {
    if (lost !== null) throw plainAfterStls(settings, lost);
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    try {
      socket = await secured(socket, settings, target);
    } catch (error) {
      lost = toSourceError(error, settings);
      throw lost;
    }
    attach();
  }

  /** What is here already, such as the greeting, stays in the socket until somebody waits for it. */
  function attach(): void {
    socket.pause();
    isFlowing = false;
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    if (socket.destroyed) onEnd();
  }

  function onError(error: Error): void {
    fail(toSourceError(error, settings));
  }

  function onEnd(): void {
    fail(disconnected(settings));
  }

  /** The first in line is told why, if it `isToBlame`; those behind it only lost their connection. */
  function fail(error: SourceError, isToBlame = true): void {
    if (lost !== null) return;
    lost = error;
    held = nothing;
    watch(false);
    socket.destroy();
    for (const [index, exchange] of exchanges.splice(0).entries()) {
      exchange.unsent = null;
      exchange.error = index === 0 && isToBlame ? error : afterLoss(error);
      wake(exchange);
    }
  }
}

function afterLoss(lost: SourceError): SourceError {
  return new SourceError('disconnected', lost.message, { cause: lost });
}
