import { Download, FileDown } from 'lucide';
import { useState } from 'preact/hooks';
import type { Id, MailAccount, MailExport } from '../../../../functions/jmap/types.ts';
import { call } from '../../mailbox/server.ts';
import { downloadExport } from '../../mailbox/transfer-files.ts';
import { endJob, isUnderWay, startExport } from '../../mailbox/transfers.ts';
import { bearerToken } from '../../session/tokens.ts';
import { said } from '../../words/said.ts';
import { fileSize, longDate } from '../../words/time.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { Choice } from './connection-fields.tsx';
import { Problem, useAction } from './problem.tsx';
import { Progress } from './progress.tsx';

const TYPES = ['mbox', 'zip'] as const;
/** From this many octets on a file goes to a place that the person chooses, where the browser can do that. */
const LARGE = 100_000_000;

interface Props {
  account: MailAccount;
  jobs: MailExport[];
  onChange: () => void;
}

/** Exports: begins one, and shows those of the last week with their files. */
export function Exports({ account, jobs, onChange }: Props) {
  const [type, setType] = useState<MailExport['type']>('mbox');
  const action = useAction();
  const begin = async () => {
    await startExport(call, account.id, type);
    onChange();
  };
  return (
    <section class="list-section" aria-labelledby="export">
      <h2 id="export">{words.transfer.export}</h2>
      <p>{words.transfer.exportText}</p>
      <fieldset>
        <legend class="visually-hidden">{words.transfer.export}</legend>
        {TYPES.map(one => (
          <Choice
            key={one}
            name="type"
            value={one}
            title={words.transfer.exportTypes[one]}
            checked={type === one}
            onChoose={() => setType(one)}
          />
        ))}
      </fieldset>
      <Problem text={action.problem} />
      <div class="buttons">
        <button
          type="button"
          class="button button-primary"
          disabled={action.busy}
          onClick={() => void action.run(begin)}
        >
          <Icon node={FileDown} />
          {words.transfer.exportStart}
        </button>
      </div>
      {jobs.length > 0 && <h3>{words.transfer.exports}</h3>}
      <ul class="cards">
        {jobs.map(job => (
          <ExportJob key={job.id} accountId={account.id} job={job} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

function ExportJob({ accountId, job, onChange }: { accountId: Id; job: MailExport; onChange: () => void }) {
  const action = useAction();
  const underWay = isUnderWay(job);
  const end = async () => {
    await endJob(call, 'MailExport', accountId, job.id);
    onChange();
  };
  return (
    <li class="card">
      <header class="card-header">
        <div>
          <h4>{words.transfer.exportTypes[job.type]}</h4>
          <p class="card-note">{longDate(job.createdAt)}</p>
        </div>
        <span class={`badge badge-${job.status}`}>{words.transfer.statuses[job.status]}</span>
      </header>
      {job.messageSentence !== null && (
        <p class="note note-warning" dir="auto">
          {said(job.messageSentence)}
        </p>
      )}
      {underWay ? (
        <Progress
          label={words.transfer.progressOf(words.transfer.exportTypes[job.type])}
          value={job.exported}
          max={job.total}
          text={words.transfer.exported(job.exported, job.total)}
        />
      ) : (
        <p>{words.transfer.exported(job.exported, job.total)}</p>
      )}
      {job.missing > 0 && <p class="note note-warning">{words.transfer.missing(job.missing)}</p>}
      {job.files.map(file => (
        <ExportFile key={file.blobId} file={file} />
      ))}
      {job.expires !== null && <p class="card-note">{words.transfer.expires(longDate(job.expires))}</p>}
      <Problem text={action.problem} />
      <div class="buttons">
        <button type="button" class="button" disabled={action.busy} onClick={() => void action.run(end)}>
          {underWay ? words.transfer.stop : words.transfer.forget}
        </button>
      </div>
    </li>
  );
}

type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

function ExportFile({ file }: { file: MailExport['files'][number] }) {
  const [octets, setOctets] = useState<number | null>(null);
  const action = useAction(words.transfer.downloadFailed);
  const download = async () => {
    const pick = (window as { showSaveFilePicker?: Picker }).showSaveFilePicker;
    try {
      const place = file.size >= LARGE && pick ? await chosenPlace(pick, file.name) : undefined;
      if (place === null) return;
      setOctets(0);
      const blob = await downloadExport(bearerToken, file, setOctets, place);
      if (blob) saveAs(blob, file.name);
    } finally {
      setOctets(null);
    }
  };
  return (
    <>
      <button
        type="button"
        class="button start"
        disabled={action.busy}
        onClick={() => void action.run(download)}
      >
        <Icon node={Download} />
        {words.transfer.download(file.name, fileSize(file.size))}
      </button>
      {octets !== null && (
        <Progress
          label={words.transfer.progressOf(file.name)}
          value={octets}
          max={file.size}
          text={words.transfer.downloading(fileSize(octets), fileSize(file.size))}
        />
      )}
      <Problem text={action.problem} />
    </>
  );
}

/** Where the person wants the file; null when they change their mind. */
async function chosenPlace(pick: Picker, suggestedName: string): Promise<WritableStream<Uint8Array> | null> {
  try {
    const handle = await pick({ suggestedName });
    return (await handle.createWritable()) as unknown as WritableStream<Uint8Array>;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

function saveAs(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
