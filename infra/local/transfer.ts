import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  ACCOUNTS,
  CORE,
  type MailAccount,
  type MailExport,
  type MailImport,
} from '../../functions/jmap/types.ts';
import { ignoreMissing } from './durable-file.ts';
import { LocalCloudError } from './errors.ts';

/** Import and export from a shell: a client of the API of a running Mailferry like any other, with `<data>/token`. */

export interface TransferIo {
  /** `http://localhost:<port>` */
  url: string;
  data: string;
  log(line: string): void;
}

const LOOK_MS = 500;

const USAGE = {
  import: 'Use: npm run import -- FILE [--account ID] [--mailbox ID] [--folders]',
  export: 'Use: npm run export -- --account ID [--type zip|mbox] [--out FOLDER]',
};

/**
 * Runs `import FILE [--account ID] [--mailbox ID] [--folders]` (without an account: into a new archive with the file's
 * name) or `export --account ID [--type zip|mbox] [--out FOLDER]` until it is done. Throws LocalCloudError with a
 * sentence.
 */
export async function transfer(kind: string | undefined, args: string[], io: TransferIo): Promise<void> {
  if (kind === 'import') return importFile(args, await client(io), io);
  if (kind === 'export') return exportAccount(args, await client(io), io);
  throw problem(`${USAGE.import}\n${USAGE.export}`);
}

type Call = <T>(name: string, args: object) => Promise<T>;

interface Client {
  call: Call;
  headers: Record<string, string>;
}

async function client({ url, data }: TransferIo): Promise<Client> {
  const token = await readFile(join(data, 'token'), 'utf8').catch(ignoreMissing);
  if (token === null) throw problem('Mailferry never ran with this data folder. Start it with npm start.');
  const headers = { authorization: `Bearer ${token.trim()}` };
  const call = async <T>(name: string, args: object): Promise<T> => {
    const body = JSON.stringify({ using: [CORE, ACCOUNTS], methodCalls: [[name, args, 'c']] });
    const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
    const response = await fetch(`${url}/jmap/api`, sent).catch(() => {
      throw problem(`Mailferry does not answer at ${url}. Start it with npm start.`);
    });
    if (!response.ok) throw problem(`Mailferry answers with status ${response.status}.`);
    const [[answered, result]] = ((await response.json()) as { methodResponses: [[string, T]] })
      .methodResponses;
    if (answered === 'error')
      throw problem((result as { description?: string }).description ?? 'It was refused.');
    return result;
  };
  return { call, headers };
}

interface Made<T> {
  created: Record<string, T> | null;
  notCreated: Record<string, { description?: string }> | null;
}

async function create<T>(call: Call, method: string, args: object, object: object): Promise<T> {
  const { created, notCreated } = await call<Made<T>>(method, { ...args, create: { new: object } });
  if (!created?.new) throw problem(notCreated?.new?.description ?? 'It was refused.');
  return created.new;
}

async function importFile(
  args: string[],
  { call, headers }: Client,
  { url, log }: TransferIo,
): Promise<void> {
  const { values, positionals } = parse(args, USAGE.import, {
    account: { type: 'string' },
    mailbox: { type: 'string' },
    folders: { type: 'boolean' },
  });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw problem(USAGE.import);
  const found = await stat(path).catch(ignoreMissing);
  if (!found?.isFile()) throw problem(`There is no file ${path}.`);
  if (found.size === 0) throw problem(`${path} is empty.`);
  const accountId = values.account ?? (await newArchive(call, basename(path), log));
  log(`Uploading ${basename(path)} …`);
  const blobId = await upload(call, { url, headers, path, size: found.size, accountId });
  const wanted = { blobId, mailboxId: values.mailbox ?? null, folders: values.folders ?? false };
  const { id } = await create<MailImport>(call, 'MailImport/set', { accountId }, wanted);
  const done = await ended<MailImport>(call, 'MailImport/get', accountId, id, job =>
    log(`${Math.floor((100 * job.bytes) / job.size)} %: ${job.imported} messages`),
  );
  for (const { at, reason } of done.failures) log(`${at}: ${reason}`);
  const { imported, duplicates, failed } = done;
  log(`${imported} messages were imported. ${duplicates} were here before, ${failed} could not be taken.`);
}

async function newArchive(call: Call, name: string, log: (line: string) => void): Promise<string> {
  const settings = { protocol: 'archive', name: name.slice(0, 200) };
  const { id } = await create<MailAccount>(call, 'MailAccount/set', {}, settings);
  log(`A new archive: ${id}`);
  return id;
}

interface UploadOf {
  url: string;
  headers: Record<string, string>;
  path: string;
  size: number;
  accountId: string;
}

async function upload(call: Call, { url, headers, path, size, accountId }: UploadOf): Promise<string> {
  type Place = { blobId: string | null; url: string | null };
  const place = await call<Place>('MailImport/upload', { accountId, size });
  const body = Readable.toWeb(createReadStream(path));
  const length = { 'content-length': String(size), 'content-type': 'application/octet-stream' };
  const [address, init] =
    place.url === null
      ? [`${url}/jmap/upload/${accountId}/`, { method: 'POST', headers: { ...headers, ...length } }]
      : [place.url, { method: 'PUT', headers: length }];
  const sent = { ...init, body, duplex: 'half' } as unknown as RequestInit;
  const response = await fetch(address, sent);
  if (!response.ok) throw problem(`The file could not be uploaded: status ${response.status}.`);
  return place.blobId ?? ((await response.json()) as { blobId: string }).blobId;
}

async function exportAccount(
  args: string[],
  { call, headers }: Client,
  { url, log }: TransferIo,
): Promise<void> {
  const { values, positionals } = parse(args, USAGE.export, {
    account: { type: 'string' },
    type: { type: 'string' },
    out: { type: 'string' },
  });
  const { account: accountId, type = 'zip', out = '.' } = values;
  if (accountId === undefined || positionals.length > 0) throw problem(USAGE.export);
  const { id } = await create<MailExport>(call, 'MailExport/set', { accountId }, { type });
  const done = await ended<MailExport>(call, 'MailExport/get', accountId, id, job =>
    log(`${job.exported} of ${job.total} messages`),
  );
  const folder = resolve(out);
  await mkdir(folder, { recursive: true });
  for (const file of done.files) {
    const response = await fetch(`${url}${file.url}`, { headers });
    if (!response.ok || !response.body) throw problem(`${file.name} could not be downloaded.`);
    const from = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(from, createWriteStream(join(folder, file.name), { mode: 0o600 }));
    log(`${join(folder, file.name)}: ${file.size} octets, sha256 ${file.sha256}`);
  }
  log(`${done.exported} messages were exported. ${done.missing} are missing.`);
}

/** Waits until a job has ended, and tells how far it is whenever that changes. */
async function ended<Job extends MailImport | MailExport>(
  call: Call,
  method: string,
  accountId: string,
  id: string,
  tell: (job: Job) => void,
): Promise<Job> {
  for (let before = ''; ; await sleep(LOOK_MS)) {
    const { list } = await call<{ list: Job[] }>(method, { accountId, ids: [id] });
    const [job] = list;
    if (!job) throw problem('It was ended by somebody else.');
    if (job.status === 'failed') throw problem(job.message ?? 'It failed.');
    if (job.status === 'done') return job;
    const now = JSON.stringify(job);
    if (now !== before) tell(job);
    before = now;
  }
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function parse<const O extends NonNullable<Options>>(args: string[], usage: string, options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch {
    throw problem(usage);
  }
}

const problem = (message: string) => new LocalCloudError('setting', message);
