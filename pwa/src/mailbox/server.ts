import type { Session } from '../../../functions/jmap/types.ts';
import { type Call, caller, fetchSession } from '../jmap/client.ts';
import { bearerToken } from '../session/tokens.ts';
import { type BlobStore, dropBlobs, keepBlob, readBlob } from './blobs.ts';
import { readSetting, writeSetting } from './settings.ts';

/** The server as it is known here: its JMAP session, from the device or else from the network. */
export async function knownSession(): Promise<Session> {
  return (await readSetting('session')) ?? renewSession();
}

/** Reads the session resource again. */
export async function renewSession(): Promise<Session> {
  const session = await fetchSession(bearerToken);
  await writeSetting('session', session);
  return session;
}

/** Sends method calls to the API of the session. */
export const call: Call = async (methodCalls, options) => {
  const { apiUrl } = await knownSession();
  return caller(apiUrl, bearerToken)(methodCalls, options);
};

/** The blobs of this device. What is kept opens without a session, and without a network. */
export const deviceBlobs: BlobStore = {
  read: async (accountId, part) => readBlob(await readSetting('session'), bearerToken, accountId, part),
  keep: keepBlob,
  drop: dropBlobs,
};
