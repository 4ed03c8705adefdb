import { type Database, mailbox } from '../mailbox/db.ts';
import { observe } from '../mailbox/observe.ts';
import { find } from './find.ts';
import { followAccounts, followStep } from './follow.ts';
import { countComplete, isMergeDue, mergeStep, readNote, writeNote } from './index-db.ts';
import { CHANNEL, type FromIndex, type IndexStatus, type ToIndex } from './protocol.ts';
import { openStorage, type Storage } from './storage.ts';

/** Least time between two reports while the index is built, in milliseconds. */
const REPORT_EVERY = 1_000;
/** The wait after a change before the index follows it, in milliseconds: changes come together. */
const SOON = 250;

const channel = new BroadcastChannel(CHANNEL);
const say = (message: FromIndex) => channel.postMessage(message);

let storage: Storage | null = null;
let status: IndexStatus = { state: 'opening', searched: 0, total: 0 };
let reported = 0;
let renewed = false;
let closed = false;

channel.onmessage = (event: MessageEvent<ToIndex>) => {
  const message = event.data;
  if (message.kind === 'find') answer(message);
  else if (message.kind === 'status?') say({ kind: 'status', status });
  else if (message.kind === 'forget') void forget();
};

function answer({ ask, search }: Extract<ToIndex, { kind: 'find' }>): void {
  // Whoever asks while the index is being opened is told when it is, and asks again.
  if (!storage) {
    say(status.state === 'opening' ? { kind: 'status', status } : { kind: 'failed', ask });
    return;
  }
  try {
    say({ kind: 'found', ask, hits: find(storage.sqlite, search) });
  } catch (error) {
    note(error);
    say({ kind: 'failed', ask });
  }
}

async function forget(): Promise<void> {
  closed = true;
  const own = storage;
  storage = null;
  await own?.remove().catch(note);
  say({ kind: 'forgotten' });
  close();
}

/** Errors by their name only: a message may hold what was typed. */
function note(error: unknown): void {
  console.error('search', error instanceof Error ? error.name : 'error');
}

async function report(state: IndexStatus['state'], always = false): Promise<void> {
  if (!always && Date.now() - reported < REPORT_EVERY) return;
  reported = Date.now();
  const searched = storage ? countComplete(storage.sqlite) : 0;
  status = { state, searched, total: await (await mailbox()).count('emails') };
  if (!closed) say({ kind: 'status', status });
}

const DATABASE = 'search-database';

/** An index of a database that was wiped since tells what is no longer here. */
async function renewUnlessOf(db: Database, own: Storage): Promise<void> {
  const transaction = db.transaction('settings', 'readwrite');
  const known = await transaction.store.get(DATABASE);
  const id = typeof known === 'string' ? known : crypto.randomUUID();
  if (id !== known) await transaction.store.put(id, DATABASE);
  await transaction.done;
  if (readNote(own.sqlite, DATABASE) === id) return;
  await own.renew();
  writeNote(own.sqlite, DATABASE, id);
}

/** While mail comes, in milliseconds after the last of it, a step is followed by a rest of so many times its length. */
const COMING = 2_000;
const REST = 4;
let changedAt = 0;

/** Searches are answered between two steps, and downloads have the database for themselves most of the time. */
function breathe(began: number): Promise<void> {
  const rest = Date.now() - changedAt < COMING ? REST * (performance.now() - began) : 0;
  return new Promise(resolve => setTimeout(resolve, rest));
}

/** Follows the database until there is nothing left to follow. */
async function followAll(own: Storage): Promise<void> {
  await followAccounts(await mailbox(), own.sqlite);
  for (let began = 0; !closed; await breathe(began)) {
    began = performance.now();
    if (!(await followStep(await mailbox(), own.sqlite))) break;
    // Whoever shows results asks again when it is ready after that.
    await report('building', status.state === 'ready');
  }
  for (let first = true; !closed && (!first || isMergeDue(own.sqlite)); first = false) {
    const began = performance.now();
    if (!mergeStep(own.sqlite, first)) break;
    await breathe(began);
  }
  if (!closed) await report('ready', true);
}

let following = false;
let again = false;

async function follow(): Promise<void> {
  again = true;
  if (following || !storage) return;
  following = true;
  while (again && storage && !closed) {
    again = false;
    await followAll(storage).catch(async error => {
      note(error);
      // Whatever is wrong with the index, a new one is as good. Twice is a sign of no room, or worse.
      if (renewed || !storage || closed) return giveUp();
      renewed = true;
      await storage.renew().then(() => follow(), giveUp);
    });
  }
  following = false;
}

async function giveUp(): Promise<void> {
  storage = null;
  await report('unavailable', true);
}

async function start(): Promise<void> {
  // Whoever took the index of a tab that went for present asks again when it is open.
  say({ kind: 'status', status });
  storage = await openStorage().catch(error => {
    note(error);
    return null;
  });
  if (!storage) return giveUp();
  await renewUnlessOf(await mailbox(), storage);
  await report('building', true);
  let isComing = false;
  observe(['accounts', 'emails', 'bodies', 'outbox'], () => {
    changedAt = Date.now();
    if (isComing) return;
    isComing = true;
    setTimeout(() => {
      isComing = false;
      void follow();
    }, SOON);
  });
  await follow();
}

start().catch(async error => {
  note(error);
  await giveUp();
});
