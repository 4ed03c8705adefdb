import { summarize } from '../../functions/mime/parse.ts';
import type {
  MailboxSnapshot,
  MailboxStatus,
  MailSource,
  SourceEntry,
  SourceMailbox,
} from '../../functions/source/source.ts';

/** What a server of the memory keeps of one message. */
interface Kept {
  uid: number;
  /** Which message it is: the same number is the same bytes. */
  content: number;
  flags: Set<string>;
  modseq: number;
}

interface Box {
  objectId: string;
  uidValidity: number;
  uidNext: number;
  modseq: number;
  messages: Kept[];
}

export interface MemoryServerOptions {
  /** OBJECTID (RFC 8474). */
  objectIds: boolean;
  /** CONDSTORE and QRESYNC (RFC 7162). */
  modseq: boolean;
  /** Every mailbox has UIDVALIDITY 1; what is made anew can then be told by its OBJECTID only. */
  constantValidity: boolean;
  /** The bytes of each message. */
  rawOf: (content: number) => Buffer;
}

/** An IMAP server in memory, which tests may change at will between pulls and while one is under way. */
export function memoryServer(options: MemoryServerOptions) {
  const boxes = new Map<string, Box>();
  const fetched: number[] = [];
  let serial = 0;
  const nextValidity = () => (options.constantValidity ? 1 : ++serial);
  const box = (path: string): Box => {
    const found = boxes.get(path);
    if (found) return found;
    const made = {
      objectId: `o${++serial}`,
      uidValidity: nextValidity(),
      uidNext: 1,
      modseq: 1,
      messages: [],
    };
    boxes.set(path, made);
    return made;
  };
  const put = (path: string, content: number, flags: Iterable<string> = []) => {
    const to = box(path);
    to.modseq += 1;
    to.messages.push({ uid: to.uidNext++, content, flags: new Set(flags), modseq: to.modseq });
  };
  const at = (path: string, nth: number) => {
    const { messages } = box(path);
    return messages[nth % Math.max(1, messages.length)];
  };
  const take = (path: string, nth: number): Kept | undefined => {
    const from = box(path);
    const found = at(path, nth);
    if (!found) return undefined;
    from.messages = from.messages.filter(message => message !== found);
    from.modseq += 1;
    return found;
  };
  box('INBOX');

  return {
    boxes,
    /** What was fetched, in order. */
    fetched,
    append: put,
    create: (path: string) => void box(path),
    remove: (path: string) => void boxes.delete(path),
    expunge: (path: string, nth: number) => void take(path, nth),
    flag(path: string, nth: number, keyword: string, present: boolean) {
      const message = at(path, nth);
      if (!message) return;
      if (present) message.flags.add(keyword);
      else message.flags.delete(keyword);
      message.modseq = ++box(path).modseq;
    },
    move(path: string, nth: number, toPath: string) {
      const message = take(path, nth);
      if (message) put(toPath, message.content, message.flags);
    },
    copy(path: string, nth: number, toPath: string) {
      const message = at(path, nth);
      if (message) put(toPath, message.content, message.flags);
    },
    /** A new UIDVALIDITY, or, where it is constant, another mailbox with UIDs from 1 on. */
    reset(path: string) {
      const { messages, objectId: before } = box(path);
      const objectId = options.constantValidity ? `o${++serial}` : before;
      boxes.set(path, { objectId, uidValidity: nextValidity(), uidNext: 1, modseq: 1, messages: [] });
      for (const { content, flags } of messages) put(path, content, flags);
    },
    rename(path: string, toPath: string) {
      const found = boxes.get(path);
      if (!found || boxes.has(toPath)) return;
      boxes.delete(path);
      boxes.set(toPath, found);
    },
    source: () => sourceOf(boxes, options, fetched),
  };
}

export type MemoryServer = ReturnType<typeof memoryServer>;

function sourceOf(
  boxes: ReadonlyMap<string, Box>,
  options: MemoryServerOptions,
  fetched: number[],
): MailSource {
  const boxOf = (path: string): Box =>
    boxes.get(path) ?? { objectId: '', uidValidity: 0, uidNext: 1, modseq: 1, messages: [] };
  const statusOf = (box: Box): MailboxStatus => ({
    uidValidity: String(box.uidValidity),
    uidNext: box.uidNext,
    messages: box.messages.length,
    highestModseq: options.modseq ? String(box.modseq) : null,
  });
  const entryOf = ({ uid, content, flags }: Kept): SourceEntry => ({
    uid: String(uid),
    size: options.rawOf(content).length,
    keywords: [...flags].sort(),
    ...(options.objectIds && { emailId: `c${content}` }),
  });
  const find = (path: string, uids: ReadonlySet<string>) =>
    boxOf(path).messages.filter(({ uid }) => uids.has(String(uid)));

  return {
    protocol: 'imap',
    mailboxes: async () => [...boxes].map(([path, box]) => describe(path, box, options, statusOf(box))),
    async snapshot(path, since): Promise<MailboxSnapshot> {
      const box = boxOf(path);
      const status = statusOf(box);
      const isKnown = since?.highestModseq && since.uidValidity === status.uidValidity;
      const goesOn = isKnown && since.uidNext <= status.uidNext && Number(since.highestModseq) <= box.modseq;
      const changed = box.messages.filter(({ modseq }) => modseq > Number(since?.highestModseq ?? 0));
      const before = box.messages.filter(({ uid }) => uid < (since?.uidNext ?? 0)).length;
      // A server that remembers nothing of what was expunged.
      const isComplete = !options.modseq || !goesOn || before !== since.messages;
      return {
        status,
        complete: isComplete,
        entries: (isComplete ? box.messages : changed).map(entryOf),
        vanished: [],
      };
    },
    async *fetch(path, entries) {
      for (const { uid, content } of find(path, new Set(entries.map(entry => entry.uid)))) {
        fetched.push(content);
        yield { uid: String(uid), raw: options.rawOf(content) };
      }
    },
    newest: async () => null,
    report: async () => ({ capabilities: [], mailboxes: boxes.size, messages: 0 }),
    writer: null,
    remover: null,
    async hints(path, uids) {
      return find(path, new Set(uids)).map(({ uid, content }) => {
        const raw = options.rawOf(content);
        const { messageId, sentAt } = summarize(raw);
        return { uid: String(uid), size: raw.length, messageId, sentAt };
      });
    },
    close: async () => {},
  };
}

function describe(
  path: string,
  { objectId }: Box,
  { objectIds }: MemoryServerOptions,
  status: MailboxStatus,
): SourceMailbox {
  return {
    path,
    name: path,
    parentPath: null,
    role: path === 'INBOX' ? 'inbox' : null,
    subscribed: true,
    selectable: true,
    status,
    ...(objectIds && { mailboxId: objectId }),
  };
}
