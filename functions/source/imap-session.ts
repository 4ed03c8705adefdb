import type { ImapFlow, MailboxObject } from 'imapflow';
import { SourceError } from './errors.ts';
import type { BriefSession } from './imap-brief.ts';
import { folder, isRefusal, refusal, toImapError, tooLate, tooMuch } from './imap-errors.ts';
import { type Vanished, watchVanished } from './imap-vanished.ts';
import { deadline, progress } from './imap-watch.ts';
import type { Secrets } from './imap-words.ts';
import type { SourceSettings } from './source.ts';

/** One IMAP connection, logged in. Commands run one at a time. */
export interface ImapSession {
  readonly client: ImapFlow;
  readonly settings: SourceSettings;
  readonly brief: Pick<BriefSession, 'prepare' | 'isBrief'>;
  /**
   * Runs commands and settles: with a SourceError `timeout` and a closed connection when the server falls
   * silent for `patience` milliseconds (by default the timeout of the settings). `action` completes "while Mailferry
   * tried to …".
   */
  run<T>(action: string, work: () => Promise<T>, patience?: number): Promise<T>;
  /** For commands that imapflow answers with `false`: throws what the server's refusal means. */
  accept<T>(action: string, answer: T | false | undefined): T;
  /** Tells of VANISHED until the function that it gives is called. */
  onVanished(listener: (vanished: Vanished) => void): () => void;
  /** UIDVALIDITY of each mailbox as this session first saw it. */
  readonly validities: Map<string, string>;
}

/** An ImapSession that is not connected yet. */
export interface UnconnectedSession extends ImapSession {
  /** Connects and logs in within so many milliseconds; throws SourceError, `late` when the time is over. */
  connect(left: number, late: () => SourceError): Promise<void>;
  /** Ends the session because the server wants us to wait so many milliseconds. */
  throttled(milliseconds: number): void;
}

/**
 * Wraps a client before it connects, so that no error of it is missed.
 *
 * @param secrets what never to show of the server's words: the password, or the token in its place
 */
export function sessionOf(
  client: ImapFlow,
  settings: SourceSettings,
  secrets: Secrets,
  brief: BriefSession,
): UnconnectedSession {
  let failure: unknown = null;
  let alert: string | null = null;
  let onVanished: ReturnType<typeof watchVanished> | null = null;
  let last = { response: '', code: '' };
  client.on('error', error => {
    failure ??= error;
  });
  client.on('alert', ({ message }) => {
    alert = message;
  });
  client.on('response', ({ response, code }) => {
    last = { response: response.toUpperCase(), code: code?.toUpperCase() ?? '' };
  });
  const translate = (error: unknown, action: string) => {
    // When the connection broke, the first failure says why; later commands only see it closed.
    const first = isRefusal(error) || error instanceof SourceError ? error : (failure ?? error);
    const translated = toImapError(first, { ...settings, ...secrets }, { action, alert });
    if (!client.usable) failure ??= translated;
    return translated;
  };
  const guarded = async <T>(action: string, work: () => Promise<T>, watch: Promise<never>): Promise<T> => {
    try {
      return await Promise.race([work(), watch]);
    } catch (error) {
      throw translate(error, action);
    }
  };
  return {
    client,
    settings,
    brief,
    validities: new Map<string, string>(),
    onVanished: (listener: (vanished: Vanished) => void) => onVanished?.(listener) ?? (() => {}),
    async connect(left: number, late: () => SourceError) {
      const watch = deadline(left, late);
      try {
        await guarded('sign in', () => client.connect().then(brief.begin), watch.passed);
        onVanished = watchVanished(client);
      } catch (error) {
        client.close();
        throw error;
      } finally {
        watch.stop();
      }
    },
    throttled(milliseconds: number) {
      failure ??= Object.assign(new Error('throttled'), { code: 'ETHROTTLE', throttleReset: milliseconds });
      // Only then does imapflow wait, and closing ends that.
      setImmediate(() => client.close());
    },
    async run<T>(action: string, work: () => Promise<T>, patience = settings.timeout): Promise<T> {
      if (failure !== null) throw translate(failure, action);
      const stop = (error: SourceError) => {
        failure = error;
        client.close();
        return error;
      };
      const watch = progress(() => client.stats().received, patience, {
        silent: () => stop(tooLate(settings, action)),
        flooded: () => stop(tooMuch(settings, action)),
      });
      try {
        return await guarded(action, work, watch.passed);
      } finally {
        watch.stop();
      }
    },
    accept<T>(action: string, answer: T | false | undefined): T {
      if (answer !== false && answer !== undefined) return answer;
      const lost = Object.assign(new Error('closed'), { code: 'NoConnection' });
      if (!client.usable) throw translate(lost, action);
      const status = last.response === 'BAD' ? 'BAD' : 'NO';
      throw refusal(status, last.response === 'OK' ? '' : last.code, settings, { action, alert });
    },
  };
}

/**
 * Selects a mailbox, unless it is selected already and need not be `fresh`. Throws SourceError; also when its
 * UIDVALIDITY is no longer the one this session knows, because UIDs then mean other messages.
 */
export async function openMailbox(
  session: ImapSession,
  path: string,
  options: { write?: boolean; fresh?: boolean } = {},
): Promise<MailboxObject> {
  const { client, validities } = session;
  const current = client.mailbox;
  const fits = current && current.path === path && !(options.write && current.readOnly !== false);
  if (fits && !options.fresh) return current;
  const action = `open ${folder(path)}`;
  if (session.brief.isBrief()) await session.run(action, session.brief.prepare);
  const mailbox = await session.run(action, () => client.mailboxOpen(path, { readOnly: !options.write }));
  if (!mailbox?.uidValidity || typeof mailbox.exists !== 'number') {
    const place = `${session.settings.host}:${session.settings.port}`;
    throw new SourceError('protocol', `${place} does not say how many messages ${folder(path)} has.`);
  }
  const validity = mailbox.uidValidity.toString();
  const known = validities.get(path);
  if (known !== undefined && known !== validity && !options.fresh) {
    throw new SourceError('temporary', `The server has rebuilt ${folder(path)}; it is read anew next time.`);
  }
  validities.set(path, validity);
  return mailbox;
}

/** Whether the server has an extension, also as a part of IMAP4rev2 (RFC 9051 appendix E). */
export function offers(client: ImapFlow, capability: 'MOVE' | 'UIDPLUS' | 'LIST-STATUS'): boolean {
  const { capabilities, enabled } = client;
  const rev2 = enabled.has('IMAP4REV2') || (capabilities.has('IMAP4rev2') && !capabilities.has('IMAP4rev1'));
  return capabilities.has(capability) || rev2;
}
