import { Upload, X } from 'lucide';
import { useId, useRef, useState } from 'preact/hooks';
import type { Id, MailAccount, MailImport } from '../../../../functions/jmap/types.ts';
import type { StoredMailbox } from '../../mailbox/db.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { call, knownSession } from '../../mailbox/server.ts';
import { uploadFile } from '../../mailbox/transfer-files.ts';
import { endJob, isUnderWay, startImport } from '../../mailbox/transfers.ts';
import { bearerToken } from '../../session/tokens.ts';
import { said } from '../../words/said.ts';
import { fileSize, longDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { mailboxName } from '../mailboxes.tsx';
import { useLive } from '../use.ts';
import { Problem, useAction } from './problem.tsx';
import { Progress } from './progress.tsx';

interface Props {
  account: MailAccount;
  jobs: MailImport[];
  onChange: () => void;
}

/** What is being sent. */
interface Sending {
  name: string;
  sent: number;
  size: number;
}

const inboxFirst = (a: StoredMailbox, b: StoredMailbox) =>
  Number(b.role === 'inbox') - Number(a.role === 'inbox') || a.name.localeCompare(b.name);

/** Imports: begins one with a file, and shows those of the last week. */
export function Imports({ account, jobs, onChange }: Props) {
  return (
    <section class="list-section" aria-labelledby="import">
      <h2 id="import">{words.transfer.import}</h2>
      <p>{words.transfer.importText}</p>
      {account.protocol === 'imap' && <p class="card-note">{words.transfer.importImap}</p>}
      {account.protocol === 'pop' && <p class="card-note">{words.transfer.importPop}</p>}
      <ImportForm account={account} onBegun={onChange} />
      {jobs.length > 0 && <h3>{words.transfer.imports}</h3>}
      <ul class="cards">
        {jobs.map(job => (
          <ImportJob key={job.id} accountId={account.id} job={job} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

/** Chooses a file. The browser's own field speaks the browser's language: it lies unseen above ours. */
function FileField({ file, onFile }: { file: File | null; onFile: (file: File | null) => void }) {
  const id = useId();
  return (
    <div class="field">
      <span class="field-label" id={id}>
        {words.transfer.file}
      </span>
      <div class="file-field">
        <span class="button" aria-hidden="true">
          {words.transfer.choose}
        </span>
        <span class="file-name" dir="auto">
          {file?.name ?? words.transfer.noFile}
        </span>
        <input
          type="file"
          aria-labelledby={id}
          accept=".mbox,.mbx,.eml,.zip,message/rfc822,application/mbox,application/zip"
          required
          onChange={event => onFile(event.currentTarget.files?.[0] ?? null)}
        />
      </div>
    </div>
  );
}

function ImportForm({ account, onBegun }: { account: MailAccount; onBegun: () => void }) {
  const { id } = account;
  const mailboxes = useLive(['mailboxes'], `import ${id}`, async db =>
    (await db.getAllFromIndex('mailboxes', 'account', id)).sort(inboxFirst),
  );
  const [file, setFile] = useState<File | null>(null);
  const [mailboxId, setMailboxId] = useState<Id | null>(null);
  const [folders, setFolders] = useState(true);
  const [sending, setSending] = useState<Sending | null>(null);
  const stop = useRef<AbortController | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const action = useAction(words.transfer.uploadFailed);
  const isZip = file !== null && /\.zip$/i.test(file.name);
  const begin = async (chosen: File) => {
    const ending = new AbortController();
    stop.current = ending;
    const { name, size } = chosen;
    try {
      setSending({ name, sent: 0, size });
      const where = { session: await knownSession(), token: bearerToken, call, accountId: id };
      const onProgress = (sent: number) => setSending({ name, sent: Math.min(sent, size), size });
      const blobId = await uploadFile(where, chosen, onProgress, ending.signal);
      await startImport(call, id, { blobId, mailboxId, folders: isZip && folders });
      form.current?.reset();
      setFile(null);
      onBegun();
    } catch (error) {
      // Who stops it needs not be told that it was stopped.
      if (!ending.signal.aborted) throw error;
    } finally {
      setSending(null);
    }
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (file) void action.run(() => begin(file));
  };
  return (
    <form class="form" ref={form} onSubmit={onSubmit}>
      <FileField file={file} onFile={setFile} />
      <label class="field">
        <span class="field-label">{words.transfer.into}</span>
        <select
          value={mailboxId ?? mailboxes?.[0]?.id ?? ''}
          onChange={event => setMailboxId(event.currentTarget.value || null)}
        >
          {mailboxes?.map(mailbox => (
            <option key={mailbox.id} value={mailbox.id}>
              {mailboxName(mailbox)}
            </option>
          ))}
        </select>
      </label>
      {isZip && (
        <label class="check">
          <input
            type="checkbox"
            checked={folders}
            onChange={event => setFolders(event.currentTarget.checked)}
          />
          {words.transfer.folders}
        </label>
      )}
      {sending && (
        <Progress
          label={words.transfer.progressOf(sending.name)}
          value={sending.sent}
          max={sending.size}
          text={words.transfer.uploading(sending.name, fileSize(sending.sent), fileSize(sending.size))}
        />
      )}
      <Problem text={action.problem} />
      <div class="buttons">
        {sending ? (
          <button type="button" class="button" onClick={() => stop.current?.abort()}>
            <Icon node={X} />
            {words.transfer.stop}
          </button>
        ) : (
          <button type="submit" class="button button-primary" disabled={!file || action.busy}>
            <Icon node={Upload} />
            {words.transfer.start}
          </button>
        )}
      </div>
    </form>
  );
}

function ImportJob({ accountId, job, onChange }: { accountId: Id; job: MailImport; onChange: () => void }) {
  const action = useAction();
  const underWay = isUnderWay(job);
  const { imported, duplicates, failed, ignored, failures } = job;
  const end = async () => {
    await endJob(call, 'MailImport', accountId, job.id);
    onChange();
    void lookNow();
  };
  return (
    <li class="card">
      <header class="card-header">
        <div>
          <h4>{words.transfer.types[job.type]}</h4>
          <p class="card-note">{words.transfer.ofImport(fileSize(job.size), longDate(job.createdAt))}</p>
        </div>
        <span class={`badge badge-${job.status}`}>{words.transfer.statuses[job.status]}</span>
      </header>
      {job.messageSentence !== null && (
        <p class="note note-warning" dir="auto">
          {said(job.messageSentence)}
        </p>
      )}
      {underWay && (
        <Progress
          label={words.transfer.progressOf(words.transfer.types[job.type])}
          value={job.bytes}
          max={job.size}
          text={words.transfer.handled(fileSize(job.bytes), fileSize(job.size))}
        />
      )}
      <ul class="facts">
        <li>{words.transfer.imported(imported)}</li>
        {duplicates > 0 && <li>{words.transfer.duplicates(duplicates)}</li>}
        {failed > 0 && <li>{words.transfer.failed(failed)}</li>}
        {ignored > 0 && <li>{words.transfer.ignored(ignored)}</li>}
      </ul>
      {failures.length > 0 && (
        <details class="advanced">
          <summary>{words.transfer.failures}</summary>
          <ul class="bullets">
            {failures.map(({ at, reasonSentence }) => (
              <li key={at} dir="auto">
                {words.transfer.failure(at, said(reasonSentence))}
              </li>
            ))}
          </ul>
          {failed > failures.length && <p class="card-note">{words.transfer.notAll}</p>}
        </details>
      )}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="button" class="button" disabled={action.busy} onClick={() => void action.run(end)}>
          {underWay ? words.transfer.stop : words.transfer.forget}
        </button>
      </div>
    </li>
  );
}
