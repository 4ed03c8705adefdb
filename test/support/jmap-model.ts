import type { Email, Id, Invocation, Mailbox } from '../../functions/jmap/types.ts';
import { type Answers, answersOf, type Call } from '../../pwa/src/jmap/client.ts';
import { Unreachable } from '../../pwa/src/jmap/errors.ts';

/** A JMAP server for one account in memory: small enough to be obviously right, for tests of the app. */
export interface JmapModel {
  accountId: Id;
  emails: Map<Id, Email>;
  mailboxes: Map<Id, Mailbox>;
  /** Makes the next requests fail: before the server saw them, or after it did but before it answered. */
  failures: ('before' | 'after')[];
  /** Refuses to update or destroy these Emails with `forbidden`. */
  refused: Set<Id>;
  requests: number;
  /** Forgets the log, so that every earlier state gets `cannotCalculateChanges`. */
  forgetLog(): void;
  addMailbox(id: Id, role?: string | null): void;
  addEmail(email: Partial<Email> & { id: Id }): void;
  /** Applies a patch as another device would. */
  patch(id: Id, patch: Record<string, true | null>): boolean;
  destroy(id: Id): void;
  call: Call;
}

type Change = { kind: 'created' | 'updated' | 'destroyed'; id: Id };
type Args = Record<string, unknown>;

class Refusal extends Error {}

const RIGHTS = {
  mayReadItems: true,
  mayAddItems: true,
  mayRemoveItems: true,
  maySetSeen: true,
  maySetKeywords: true,
  mayCreateChild: false,
  mayRename: false,
  mayDelete: false,
  maySubmit: false,
};

/** Makes an empty server. */
export function jmapModel(accountId: Id = 'A1'): JmapModel {
  let log: Change[] = [];
  let forgotten = 0;
  const model: JmapModel = {
    accountId,
    emails: new Map(),
    mailboxes: new Map(),
    failures: [],
    refused: new Set(),
    requests: 0,
    forgetLog() {
      forgotten += log.length + 1;
      log = [];
    },
    addMailbox(id, role = null) {
      const counts = { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
      model.mailboxes.set(id, {
        id,
        name: id,
        parentId: null,
        role,
        sortOrder: 0,
        isSubscribed: true,
        myRights: RIGHTS,
        ...counts,
      });
    },
    addEmail(email) {
      model.emails.set(email.id, {
        blobId: `blob-${email.id}`,
        threadId: email.id,
        mailboxIds: { inbox: true },
        keywords: {},
        size: 1000,
        receivedAt: '2026-01-01T00:00:00Z',
        subject: `Subject ${email.id}`,
        preview: '',
        ...email,
      });
      log.push({ kind: 'created', id: email.id });
    },
    patch(id, patch) {
      const email = model.emails.get(id);
      if (!email) return false;
      const next = { ...email, keywords: { ...email.keywords }, mailboxIds: { ...email.mailboxIds } };
      for (const [path, value] of Object.entries(patch)) {
        const [property, name] = path.split('/') as ['keywords' | 'mailboxIds', string];
        if (value) next[property][name] = true;
        else delete next[property][name];
      }
      if (!Object.keys(next.mailboxIds).length) return false;
      model.emails.set(id, next);
      log.push({ kind: 'updated', id });
      return true;
    },
    destroy(id) {
      if (model.emails.delete(id)) log.push({ kind: 'destroyed', id });
    },
    async call(calls) {
      model.requests += 1;
      const failure = model.failures.shift();
      if (failure === 'before') throw new Unreachable();
      const answers = answer(calls);
      if (failure === 'after') throw new Unreachable();
      return answers;
    },
  };

  const state = () => String(forgotten + log.length);

  function answer(calls: Invocation[]): Answers {
    const done: Invocation[] = [];
    for (const [name, args, callId] of calls) {
      try {
        const method = methods[name];
        if (!method) throw new Refusal('unknownMethod');
        done.push([name, method(resolve(args, done)), callId]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        done.push(['error', { type: error.message }, callId]);
      }
    }
    return answersOf(done.map(invocation => structuredClone(invocation)));
  }

  function resolve(args: Args, done: Invocation[]): Args {
    const resolved: Args = {};
    for (const [key, value] of Object.entries(args)) {
      if (!key.startsWith('#')) resolved[key] = value;
      else {
        const { resultOf, path } = value as { resultOf: string; path: string };
        const source = done.find(([name, , id]) => id === resultOf && name !== 'error');
        if (!source) throw new Refusal('invalidResultReference');
        resolved[key.slice(1)] = source[1][path.slice(1)];
      }
    }
    return resolved;
  }

  function changes(args: Args) {
    const since = Number(args.sinceState) - forgotten;
    if (!(since >= 0 && since <= log.length)) throw new Refusal('cannotCalculateChanges');
    const max = (args.maxChanges as number | undefined) ?? 1000;
    const slice = log.slice(since, since + max);
    const created = new Set<Id>();
    const updated = new Set<Id>();
    const destroyed = new Set<Id>();
    for (const { kind, id } of slice) {
      if (kind === 'created') created.add(id);
      else if (kind === 'updated' && !created.has(id)) updated.add(id);
      else if (kind === 'destroyed') {
        updated.delete(id);
        if (!created.delete(id)) destroyed.add(id);
      }
    }
    const sets = { created: [...created], updated: [...updated], destroyed: [...destroyed] };
    const newState = String(forgotten + since + slice.length);
    return { oldState: args.sinceState, newState, hasMoreChanges: newState !== state(), ...sets };
  }

  function get<T>(all: Map<Id, T>, args: Args) {
    const ids = (args.ids as Id[] | null) ?? [...all.keys()];
    const list = ids.flatMap(id => all.get(id) ?? []);
    return { state: state(), list, notFound: ids.filter(id => !all.has(id)) };
  }

  const methods: Record<string, (args: Args) => Args> = {
    'Core/echo': args => args,
    'Mailbox/get': args => {
      for (const mailbox of model.mailboxes.values()) {
        const within = [...model.emails.values()].filter(email => email.mailboxIds?.[mailbox.id]);
        mailbox.totalEmails = within.length;
        mailbox.unreadEmails = within.filter(email => !email.keywords?.$seen).length;
      }
      return get(model.mailboxes, args);
    },
    'Mailbox/changes': args => {
      const { oldState, newState, hasMoreChanges } = changes(args);
      const updated = oldState === newState ? [] : [...model.mailboxes.keys()];
      return { oldState, newState, hasMoreChanges, created: [], updated, destroyed: [] };
    },
    'Email/get': args => get(model.emails, args),
    'Email/changes': changes,
    'Email/query': args => {
      const sorted = [...model.emails.values()].sort(
        (a, b) => (b.receivedAt ?? '').localeCompare(a.receivedAt ?? '') || a.id.localeCompare(b.id),
      );
      const ids = sorted.map(email => email.id);
      let position = (args.position as number | undefined) ?? 0;
      if (args.anchor) {
        position = ids.indexOf(args.anchor as Id);
        if (position < 0) throw new Refusal('anchorNotFound');
        position += (args.anchorOffset as number | undefined) ?? 0;
      }
      return { ids: ids.slice(position, position + Number(args.limit ?? 256)), position, total: ids.length };
    },
    'Email/set': args => {
      const updated: Record<Id, null> = {};
      const notUpdated: Record<Id, { type: string }> = {};
      const update = (args.update ?? {}) as Record<Id, Record<string, true | null>>;
      const destroyed: Id[] = [];
      const notDestroyed: Record<Id, { type: string }> = {};
      for (const id of (args.destroy ?? []) as Id[]) {
        if (!model.emails.has(id)) notDestroyed[id] = { type: 'notFound' };
        else if (model.refused.has(id)) notDestroyed[id] = { type: 'forbidden' };
        else {
          model.destroy(id);
          destroyed.push(id);
        }
      }
      for (const [id, patch] of Object.entries(update)) {
        if (!model.emails.has(id)) notUpdated[id] = { type: 'notFound' };
        else if (model.refused.has(id)) notUpdated[id] = { type: 'forbidden' };
        else if (model.patch(id, patch)) updated[id] = null;
        else notUpdated[id] = { type: 'invalidProperties' };
      }
      return { updated, notUpdated, destroyed, notDestroyed };
    },
  };
  return model;
}
