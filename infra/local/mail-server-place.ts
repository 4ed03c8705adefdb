import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, chownSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { MailferryError } from '../../functions/errors.ts';

/** The local mail server could not be set up, started or used. `code` says which part. */
export class MailServerError extends MailferryError {
  override name = 'MailServerError';
}

/** Who owns the mail: "nobody" when root starts the server (Dovecot refuses mail of uid 0), else ourselves. */
export interface MailOwner {
  uid: number;
  gid: number;
}

/** Longest folder under which Dovecot's socket paths still fit into the kernel's 107 bytes. */
const LONGEST_PLACE = 64;
const NOBODY: MailOwner = { uid: 65534, gid: 65534 };

/** The owner of the mail for whoever runs this process. */
export function mailOwner(): MailOwner {
  const { uid, gid } = userInfo();
  return uid === 0 ? NOBODY : { uid, gid };
}

/**
 * The folder that holds the server's sockets and mail. That is the given folder, unless the mail's owner could
 * not walk into it (below /root, or a mode 0700 temporary folder), its path is too long for sockets, or holds
 * white space; then it is a folder of ours below /var/tmp, named by a hash of the given one.
 */
export function serverPlace(folder: string, owner: MailOwner): string {
  const fits = Buffer.byteLength(folder) <= LONGEST_PLACE && !/\s/.test(folder);
  if (fits && canTraverse(folder, owner)) return folder;
  const place = `/var/tmp/mailferry-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  makeFolder(place, 0o711);
  // Anybody may write to /var/tmp, so a folder that was there before us is not simply believed.
  const found = lstatSync(place);
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new MailServerError(
      'place',
      `${place} belongs to somebody else. Remove it, or choose another folder.`,
    );
  }
  return place;
}

function canTraverse(folder: string, owner: MailOwner): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    // The folder itself gets the mode it needs from us.
    if (at !== folder && (mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Makes a folder (and its parents) with exactly this mode and, as root, this owner. */
export function makeFolder(path: string, mode: number, owner?: MailOwner): void {
  mkdirSync(path, { recursive: true, mode });
  if (lstatSync(path).uid !== userInfo().uid) return;
  chmodSync(path, mode);
  giveTo(path, owner);
}

/** Hands a file or folder to its owner; only root can, and only root needs to. */
export function giveTo(path: string, owner: MailOwner | undefined): void {
  if (owner && userInfo().uid === 0) chownSync(path, owner.uid, owner.gid);
}

/** The numeric id of a system user, as `id` tells it. */
export function userId(name: string): number {
  return Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }).trim());
}

/** The full path of a program, looked for also where Debian keeps daemons; null when it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];
  for (const folder of folders) {
    if (!folder) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
