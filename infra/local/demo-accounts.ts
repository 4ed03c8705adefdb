import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNTS, CORE, type MailAccount } from '../../functions/jmap/types.ts';
import type { SampleLogin } from './demo-mailboxes.ts';
import { LocalCloudError } from './errors.ts';

/** Longest wait for the first pull of new accounts, in milliseconds; then the demo goes on while the pull does. */
const NEW_WAIT_MS = 150_000;
/** The same for accounts of an earlier start: a run that was killed then keeps its lease for a while. */
const KNOWN_WAIT_MS = 8000;
const LOOK_MS = 400;

/** The sample accounts by their ids, and whether this start has made one of them. */
export interface SampleAccounts {
  ids: string[];
  areNew: boolean;
}

interface Api {
  url: string;
  token: string;
}

const NAMES = { imap: 'IMAP account', pop: 'POP account', archive: 'Archive' } as const;

/**
 * Adds the two sample accounts by the JMAP API as the app would, unless they are there; tells one that is there
 * about a port or password that has changed.
 */
export async function addSampleAccounts(
  api: Api,
  mail: { imap: SampleLogin; pop: SampleLogin },
): Promise<SampleAccounts> {
  const known = await accountsOf(api);
  const ids: string[] = [];
  let areNew = false;
  for (const protocol of ['imap', 'pop'] as const) {
    const login = mail[protocol];
    const same = known.find(one => one.protocol === protocol && one.username === login.username);
    if (!same) {
      ids.push(await create(api, protocol, login));
      areNew = true;
    } else {
      ids.push(same.id);
      if (same.port !== login.port) await setAccount(api, { update: { [same.id]: { port: login.port } } });
    }
  }
  return { ids, areNew };
}

/** Waits until the accounts have been pulled once, telling `log` how far each is; a failure is told as well. */
export async function waitUntilPulled(
  api: Api,
  { ids, areNew }: SampleAccounts,
  log: (line: string) => void,
): Promise<void> {
  const told = new Map<string, string>();
  const giveUpAt = Date.now() + (areNew ? NEW_WAIT_MS : KNOWN_WAIT_MS);
  let asked = false;
  while (Date.now() < giveUpAt) {
    const accounts = (await accountsOf(api)).filter(account => ids.includes(account.id));
    for (const account of accounts) {
      const line = progressOf(account);
      if (told.get(account.id) !== line) log(line);
      told.set(account.id, line);
    }
    const waiting = accounts.filter(isWaiting);
    if (waiting.length === 0) return;
    if (!asked) await call(api, 'MailAccount/sync', { ids: waiting.map(account => account.id) });
    asked = true;
    await sleep(LOOK_MS);
  }
  log('The first pull goes on; the app shows its mail as it comes.');
}

/** Before the first pull has ended, well or not. */
function isWaiting({ status }: MailAccount): boolean {
  if (status.phase === 'failing' || status.phase === 'stopped') return false;
  return status.lastSuccessAt === null;
}

function progressOf({ protocol, status }: MailAccount): string {
  const problem = status.phase === 'failing' || status.phase === 'stopped';
  if (problem) return `${NAMES[protocol]}: ${status.message}`;
  if (status.atSource === null) return `${NAMES[protocol]}: waiting for its first pull`;
  return `${NAMES[protocol]}: ${status.stored} of ${Math.max(status.stored, status.atSource)} messages`;
}

async function create(api: Api, protocol: 'imap' | 'pop', login: SampleLogin): Promise<string> {
  const account = {
    name: protocol === 'imap' ? 'Mara (IMAP)' : 'Mara (POP)',
    protocol,
    address: login.username,
    host: login.host,
    port: login.port,
    security: 'none',
    username: login.username,
    password: login.password,
    deletionPolicy: 'keep',
  };
  const answer = (await setAccount(api, { create: { new: account } })) as {
    created?: { new?: { id: string } } | null;
  };
  const id = answer.created?.new?.id;
  if (!id) throw new LocalCloudError('function-failed', 'A sample account could not be added.');
  return id;
}

async function accountsOf(api: Api): Promise<MailAccount[]> {
  return (await call(api, 'MailAccount/get', { ids: null })).list as MailAccount[];
}

function setAccount(api: Api, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  return call(api, 'MailAccount/set', args);
}

/** One JMAP method call. Throws `LocalCloudError('function-failed')` with the type of a method error. */
async function call(
  { url, token }: Api,
  method: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/jmap/api`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ using: [CORE, ACCOUNTS], methodCalls: [[method, args, 'c']] }),
  });
  const body = (await response.json()) as { methodResponses?: [string, Record<string, unknown>, string][] };
  const [name, result = {}] = body.methodResponses?.[0] ?? [];
  if (response.ok && name === method) return result;
  const type = typeof result.type === 'string' ? result.type : `HTTP ${response.status}`;
  throw new LocalCloudError('function-failed', `${method} did not work (${type}).`);
}
