import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing } from './durable-file.ts';
import { errnoOf, LocalCloudError } from './errors.ts';

/** The lock on a data folder, held by this process until `release`. */
export interface DataLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder (made if missing, mode 0700) for this process: one cloud works on it at a time. The file
 * `lock` names the holder by process id and start time, so a holder that was killed, or whose id another process
 * has now, does not count. Throws `LocalCloudError('data-in-use')` naming the holder's process id.
 */
export async function lockData(folder: string): Promise<DataLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const mine = `${process.pid} ${await startTimeOf(process.pid)} ${randomBytes(6).toString('hex')}\n`;
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // link() fails where the name exists, and a reader never sees a half-written lock.
        await link(temporary, path);
        break;
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
      await removeStale(path, folder);
    }
  } finally {
    await unlink(temporary);
  }
  return {
    async release() {
      const holder = await readFile(path, 'utf8').catch(ignoreMissing);
      if (holder === mine) await unlink(path).catch(ignoreMissing);
    },
  };
}

async function removeStale(path: string, folder: string): Promise<void> {
  const holder = await readFile(path, 'utf8').catch(ignoreMissing);
  if (holder === null) return;
  const [pid = 0, started = ''] = holder.trim().split(' ');
  if (await isAlive(Number(pid), String(started))) {
    throw new LocalCloudError(
      'data-in-use',
      `Mailferry already runs on ${folder} (process ${pid}). Stop it first, or set MAILFERRY_DATA to another folder.`,
    );
  }
  await unlink(path).catch(ignoreMissing);
}

async function isAlive(pid: number, started: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (errnoOf(error) !== 'EPERM') return false;
  }
  return (await startTimeOf(pid)) === started;
}

/**
 * When a process started, in clock ticks since boot (field 22 of /proc/<pid>/stat, proc(5)); `-` where there is no
 * /proc, and `gone` for a zombie, which holds nothing any more.
 */
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return '-';
  // The name in parentheses may hold spaces, so fields are counted from its end: field 3 (state) is the first.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'gone' : (fields[19] ?? '-');
}
