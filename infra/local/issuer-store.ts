import { readFile } from 'node:fs/promises';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import { ignoreMissing, writeDurably } from './durable-file.ts';

/** How long a used refresh token is remembered, in milliseconds: its reuse in that time revokes its grant. */
const CONSUMED_MS = 7 * 24 * 3600 * 1000;

const storedEntries = z.record(
  z.string(),
  z.object({ payload: z.record(z.string(), z.unknown()), expires: z.number() }),
);

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  expires: number;
}

/**
 * Where the local issuer keeps sessions, grants, codes and refresh tokens: in memory and in one small file, which
 * is written whole and atomically before a change counts. So a sign-in survives a restart, and a kill. A file that
 * cannot be read as ours starts empty: everyone signs in again.
 */
export async function issuerStore(path: string): Promise<AdapterFactory> {
  const entries = await load(path);
  const save = coalesced(() => {
    for (const [key, entry] of entries) if (entry.expires <= Date.now()) entries.delete(key);
    return writeDurably(path, JSON.stringify(Object.fromEntries(entries)));
  });
  const valid = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expires > Date.now() ? entry : undefined;
  };
  const findBy = async (model: string, matches: (payload: AdapterPayload) => boolean) => {
    for (const [key, { payload, expires }] of entries) {
      if (key.startsWith(`${model}:`) && expires > Date.now() && matches(payload)) return payload;
    }
    return undefined;
  };

  return (model): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const expires = expiresIn ? Date.now() + expiresIn * 1000 : Number.MAX_SAFE_INTEGER;
      entries.set(`${model}:${id}`, { payload, expires });
      await save();
    },
    find: async id => valid(`${model}:${id}`)?.payload,
    findByUid: uid => findBy(model, payload => payload.uid === uid),
    findByUserCode: code => findBy(model, payload => payload.userCode === code),
    async consume(id) {
      const entry = entries.get(`${model}:${id}`);
      if (!entry) return;
      entry.payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) };
      entry.expires = Math.min(entry.expires, Date.now() + CONSUMED_MS);
      await save();
    },
    async destroy(id) {
      if (entries.delete(`${model}:${id}`)) await save();
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(`${model}:`) && payload.grantId === grantId) entries.delete(key);
      }
      await save();
    },
  });
}

async function load(path: string): Promise<Map<string, Entry>> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(storedEntries.parse(JSON.parse(text))));
  } catch {
    return new Map();
  }
}

/** Runs `write` one at a time; callers that come while one runs share the next. */
function coalesced(write: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        running = write();
        next = null;
        return running;
      });
    return next;
  };
}
