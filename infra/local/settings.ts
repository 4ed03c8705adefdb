import { resolve } from 'node:path';
import { z } from 'zod';
import { LocalCloudError } from './errors.ts';

/** What a person may set for Mailferry on one machine. */
export interface LocalSettings {
  /** Port on loopback; 0 takes a free one. */
  port: number;
  /** Absolute path of the folder that holds all state. */
  data: string;
  /** What the sign-in page asks for; null: it asks for nothing. */
  password: string | null;
}

const environment = z.object({
  MAILFERRY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'MAILFERRY_PORT must be a port number from 0 to 65535, for example 4180.')
    .transform(Number)
    .refine(port => port <= 65_535, 'MAILFERRY_PORT must be a port number from 0 to 65535, for example 4180.')
    .default(4180),
  MAILFERRY_DATA: z
    .string()
    .min(1, 'MAILFERRY_DATA must be the path of a folder; unset it to use .mailferry/ here.')
    .refine(path => !path.includes('\0'), 'MAILFERRY_DATA must be the path of a folder.')
    .default('.mailferry'),
  MAILFERRY_PASSWORD: z
    .string()
    .min(8, 'MAILFERRY_PASSWORD must have 8 characters or more; unset it to sign in without a password.')
    .optional(),
});

/**
 * Reads the settings `MAILFERRY_PORT` (default 4180), `MAILFERRY_DATA` (default `.mailferry` in the working
 * directory) and `MAILFERRY_PASSWORD` (default none).
 *
 * Without a password whoever can reach loopback signs in with one click: on a machine with one person that is the
 * person, who can read the data folder anyway, and the gateway refuses other host names and other origins. On a
 * machine with several people set a password, because loopback is open to all of them while the folder is not.
 *
 * Throws `LocalCloudError('setting')` with a sentence for each setting that is not usable.
 */
export function readSettings(env: NodeJS.ProcessEnv, workingDirectory = process.cwd()): LocalSettings {
  const read = environment.safeParse(env);
  if (!read.success) {
    throw new LocalCloudError('setting', read.error.issues.map(issue => issue.message).join(' '));
  }
  return {
    port: read.data.MAILFERRY_PORT,
    data: resolve(workingDirectory, read.data.MAILFERRY_DATA),
    password: read.data.MAILFERRY_PASSWORD ?? null,
  };
}
