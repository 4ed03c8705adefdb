import { summarize } from '../../functions/mime/parse.ts';
import { SourceError } from '../../functions/source/errors.ts';
import type {
  CopiedTo,
  MailboxSnapshot,
  MailboxStatus,
  MailSource,
  SourceMailbox,
  SourceWriter,
} from '../../functions/source/source.ts';

/** An IMAP server in memory, with CONDSTORE, QRESYNC and UIDPLUS: small enough to be obviously right. */

interface Message {
  raw: Buffer;
  flags: Set<string>;
  modseq: number;
}

interface Box {
  uidValidity: string;
  uidNext: number;
  subscribed: boolean;
  messages: Map<number, Message>;
  vanished: Map<number, number>;
}

export interface MemoryImap {
  boxes: Map<string, Box>;
  deliver(path: string, raw: Buffer): void;
  /** As another client. */
  create(path: string): void;
  rename(path: string, newPath: string): void;
  move(path: string, uid: number, toPath: string): void;
  expunge(path: string, uid: number): void;
  flag(path: string, uid: number, flag: string, present: boolean): void;
  /** Gives the mailbox another UIDVALIDITY ; with `keepsValidity` the same, and its messages in reverse. */
  rebuild(path: string, keepsValidity?: boolean): void;
  /** A session; `step` is called before and after every command that changes something, and may throw. */
  open(step?: () => void): MailSource;
}

/** @param isQuiet whether it leaves out COPYUID and APPENDUID */
export function memoryImap(isQuiet = false): MemoryImap {
  const boxes = new Map<string, Box>();
  let clock = 1;
  const tick = () => ++clock;
  const boxAt = (path: string): Box => {
    const box = boxes.get(path);
    if (!box) throw new SourceError('refused', `There is no folder ${path}.`);
    return box;
  };
  const put = (path: string, raw: Buffer, flags: Iterable<string>): number => {
    const box = boxAt(path);
    const uid = box.uidNext++;
    box.messages.set(uid, { raw, flags: new Set(flags), modseq: tick() });
    return uid;
  };
  const take = (path: string, uid: number) => {
    const box = boxAt(path);
    if (box.messages.delete(uid)) box.vanished.set(uid, tick());
  };
  const create = (path: string) => {
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) createOne(path.slice(0, at));
    createOne(path);
  };
  const createOne = (path: string) => {
    if (boxes.has(path)) return;
    const fresh = { uidNext: 1, subscribed: true, messages: new Map(), vanished: new Map() };
    boxes.set(path, { uidValidity: String(tick()), ...fresh });
  };
  const below = (path: string) =>
    [...boxes.keys()].filter(each => each === path || each.startsWith(`${path}/`));
  const rename = (path: string, newPath: string) => {
    if (!boxes.has(path) && boxes.has(newPath)) return;
    if (boxes.has(newPath) || newPath.startsWith(`${path}/`)) {
      throw new SourceError('refused', `There is a folder ${newPath} already.`);
    }
    boxAt(path);
    const parent = newPath.slice(0, Math.max(0, newPath.lastIndexOf('/')));
    if (parent) create(parent);
    for (const old of below(path)) {
      boxes.set(newPath + old.slice(path.length), boxAt(old));
      boxes.delete(old);
    }
  };
  const transfer = (
    path: string,
    uids: readonly string[],
    toPath: string,
    leave: boolean,
  ): CopiedTo | null => {
    const map = new Map<string, string>();
    for (const uid of uids) {
      const message = boxAt(path).messages.get(Number(uid));
      if (!message) continue;
      map.set(uid, String(put(toPath, message.raw, message.flags)));
      if (leave) take(path, Number(uid));
    }
    return isQuiet ? null : { uidValidity: boxAt(toPath).uidValidity, uids: map };
  };
  const writer: SourceWriter = {
    async storeKeywords(path, uids, add, remove) {
      for (const uid of uids) {
        const message = boxAt(path).messages.get(Number(uid));
        if (!message) continue;
        for (const keyword of add) message.flags.add(keyword);
        for (const keyword of remove) message.flags.delete(keyword);
        message.modseq = tick();
      }
      return [];
    },
    uidValidity: async path => boxAt(path).uidValidity,
    keptKeywords: async (_path, keywords) => keywords.filter(keyword => keyword !== 'unkept'),
    move: async (path, uids, toPath) => transfer(path, uids, toPath, true),
    copy: async (path, uids, toPath) => transfer(path, uids, toPath, false),
    async append(path, raw, all) {
      // As for STORE: what a mailbox does not keep is not kept from the beginning (RFC 9051 section 2.3.2).
      const keywords = all.filter(keyword => keyword !== 'unkept');
      const uid = put(path, Buffer.from(raw), keywords);
      return isQuiet ? null : { uidValidity: boxAt(path).uidValidity, uid: String(uid) };
    },
    createMailbox: async path => create(path),
    renameMailbox: async (path, newPath) => rename(path, newPath),
    async deleteMailbox(path) {
      if (below(path).length > 1) throw new SourceError('refused', `There are folders in ${path}.`);
      if (boxes.get(path)?.messages.size) throw new Error(`${path} is deleted with mail in it`);
      boxes.delete(path);
    },
    async subscribe(path, subscribed) {
      boxAt(path).subscribed = subscribed;
    },
  };
  const remove = async (path: string, uids: readonly string[]) => {
    const there = uids.filter(uid => boxAt(path).messages.has(Number(uid)));
    for (const uid of there) take(path, Number(uid));
    return there;
  };
  create('INBOX');
  create('Trash');
  return {
    boxes,
    deliver: (path, raw) => void put(path, raw, []),
    create,
    rename,
    move: (path, uid, toPath) => void transfer(path, [String(uid)], toPath, true),
    expunge: take,
    rebuild(path, keepsValidity = false) {
      const { messages, uidValidity } = boxAt(path);
      boxes.delete(path);
      createOne(path);
      if (keepsValidity) boxAt(path).uidValidity = uidValidity;
      const all = [...messages.values()];
      for (const { raw, flags } of keepsValidity ? all.reverse() : all) put(path, raw, flags);
    },
    flag(path, uid, flag, present) {
      void writer.storeKeywords(path, [String(uid)], present ? [flag] : [], present ? [] : [flag]);
    },
    open(step = () => {}) {
      const stepped = <A extends unknown[], R>(command: (...args: A) => Promise<R>) => {
        return async (...args: A): Promise<R> => {
          step();
          const answer = await command(...args);
          step();
          return answer;
        };
      };
      const changing = Object.fromEntries(
        Object.entries(writer).map(([name, command]) => [name, stepped(command as () => Promise<unknown>)]),
      ) as unknown as SourceWriter;
      return {
        ...reading(boxes, boxAt),
        writer: { ...changing, keptKeywords: writer.keptKeywords, uidValidity: writer.uidValidity },
        remover: { remove: stepped(remove) },
        async close() {},
      };
    },
  };
}

function reading(
  boxes: ReadonlyMap<string, Box>,
  boxAt: (path: string) => Box,
): Omit<MailSource, 'writer' | 'remover' | 'close'> {
  const statusOf = ({ uidValidity, uidNext, messages, vanished }: Box): MailboxStatus => {
    const highest = Math.max(1, ...[...messages.values()].map(({ modseq }) => modseq), ...vanished.values());
    return { uidValidity, uidNext, messages: messages.size, highestModseq: String(highest) };
  };
  return {
    protocol: 'imap',
    async mailboxes() {
      return [...boxes].map(([path, box]): SourceMailbox => {
        const at = path.lastIndexOf('/');
        const role = path === 'INBOX' ? 'inbox' : path === 'Trash' ? 'trash' : null;
        const place = { path, name: path.slice(at + 1), parentPath: at < 0 ? null : path.slice(0, at) };
        const { subscribed } = box;
        return { ...place, delimiter: '/', role, subscribed, selectable: true, status: statusOf(box) };
      });
    },
    async snapshot(path, since): Promise<MailboxSnapshot> {
      const box = boxAt(path);
      const complete = !since || since.uidValidity !== box.uidValidity;
      const from = complete ? 0 : Number(since.highestModseq);
      const entries = [...box.messages]
        .filter(([, { modseq }]) => modseq > from)
        .map(([uid, { raw, flags }]) => ({ uid: String(uid), size: raw.length, keywords: [...flags] }));
      const gone = [...box.vanished].filter(([, modseq]) => modseq > from);
      const vanished = complete ? [] : gone.map(([uid]) => String(uid));
      return { status: statusOf(box), complete, entries, vanished };
    },
    async *fetch(path, entries) {
      for (const { uid } of entries) {
        const message = boxAt(path).messages.get(Number(uid));
        if (message) yield { uid, raw: message.raw };
      }
    },
    newest: async () => null,
    report: async () => ({ capabilities: [], mailboxes: boxes.size, messages: 0 }),
    async hints(path, uids) {
      return uids.flatMap(uid => {
        const message = boxAt(path).messages.get(Number(uid));
        if (!message) return [];
        const { messageId, sentAt } = summarize(message.raw);
        return [{ uid, size: message.raw.length, messageId, sentAt }];
      });
    },
  };
}
