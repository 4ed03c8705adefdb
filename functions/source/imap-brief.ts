import type { ImapFlow } from 'imapflow';

/**
 * Keeps a session short that only looks. imapflow begins each one with commands of which an idle check needs none: who we
 * are (ID, twice), where mailboxes begin (NAMESPACE), compression, and extensions. They wait here until a mailbox is
 * opened, or are left out where their answer is known; each of them is a round trip.
 */

/** What imapflow does by itself and has no types for. */
interface Internals {
  run(command: string, ...args: unknown[]): Promise<unknown>;
  exec(command: string, attributes: unknown, options?: unknown): Promise<unknown>;
  compress(): Promise<void>;
  autoEnable(): Promise<void>;
  state: number;
  states: { NOT_AUTHENTICATED: number };
  greeting?: string;
  clientInfo: unknown;
  namespace: Namespace;
  namespaces: unknown;
}

interface Namespace {
  prefix: string;
  delimiter: string | null;
}

/** What the session has to do about what was put off. */
export interface BriefSession {
  /** After the login: what cannot wait, because it changes how mailboxes are named. */
  begin(): Promise<void>;
  /** Before a mailbox is opened for the first time; compresses from then on. Does nothing later. */
  prepare(): Promise<void>;
  /** Whether no mailbox was opened. */
  isBrief(): boolean;
}

/**
 * NetEase's mail, and others on its software, open no mailbox ("Unsafe Login") to whom did not say who they are; what
 * else they refuse then is not known.
 */
const WANTS_ID = /coremail|netease|\b(163|126|188|yeah)\b/i;
/**
 * Logins whose mailboxes begin at the top. Only these are remembered, for the life of the process: a server that gets a
 * prefix later still lists everything then, where a prefix that is outdated would make it list nothing.
 */
const atTheTop = new Map<string, Namespace>();
const MOST_REMEMBERED = 10_000;

/** Takes over a client before it connects. `compress`: COMPRESS=DEFLATE (RFC 4978), where the server offers it. */
export function keepBrief(
  client: ImapFlow,
  login: { host: string; port: number; username: string; password: string | null },
  compress: boolean,
): BriefSession {
  const inner = client as unknown as Internals;
  const run = inner.run.bind(client);
  const exec = inner.exec.bind(client);
  const key = JSON.stringify([login.host, login.port, login.username]);
  let isTold = false;
  let isPrepared = false;
  let isEnabled = false;

  const isLoggedIn = () => inner.state !== inner.states.NOT_AUTHENTICATED;
  // Which server it is decides whether imapflow believes in its IMAP4rev2.
  const mustTell = () =>
    client.capabilities.has('IMAP4rev2') || WANTS_ID.test(`${login.host} ${inner.greeting ?? ''}`);
  const enable = async () => {
    isEnabled = true;
    await inner.autoEnable();
  };
  inner.run = async (command, ...args) => {
    if (command === 'ID') {
      if (isTold || !isLoggedIn() || !(isPrepared || mustTell())) return false;
      isTold = true;
    }
    const known = command === 'NAMESPACE' ? atTheTop.get(key) : undefined;
    if (known) {
      inner.namespaces = { personal: [{ ...known }], other: false, shared: false };
      inner.namespace = { ...known };
      return inner.namespace;
    }
    const answer = await run(command, ...args);
    if (command === 'NAMESPACE' && inner.namespace?.prefix === '' && atTheTop.size < MOST_REMEMBERED) {
      atTheTop.set(key, { ...inner.namespace });
    }
    return answer;
  };
  /** With SASL-IR (RFC 4959) the password goes with the command; imapflow does so for tokens only. */
  inner.exec = (command, attributes, options) => {
    const isPlain = command === 'AUTHENTICATE' && Array.isArray(attributes) && attributes.length === 1;
    const { password, username } = login;
    if (!isPlain || password === null || attributes[0].value !== 'PLAIN')
      return exec(command, attributes, options);
    if (!client.capabilities.has('SASL-IR')) return exec(command, attributes, options);
    const value = Buffer.from(`\0${username}\0${password}`).toString('base64');
    return exec(command, [...attributes, { type: 'ATOM', value, sensitive: true }], options);
  };
  return {
    async begin() {
      const { capabilities } = client;
      if (capabilities.has('IMAP4rev2') || capabilities.has('UTF8=ACCEPT')) await enable();
    },
    async prepare() {
      if (isPrepared) return;
      isPrepared = true;
      await inner.run('ID', inner.clientInfo);
      if (compress) await inner.compress();
      if (!isEnabled) await enable();
    },
    isBrief: () => !isPrepared,
  };
}
