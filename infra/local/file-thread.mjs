// Writes files durably, many at a time, in a thread of its own. Done by callbacks each file takes four ways to a
// thread of libuv and back, which costs the caller more than the disk does; here everything is done in place.
// Plain JavaScript, so that it starts at once and needs no loader.
//
//   <- { bytes: ArrayBuffer, files: [{ path, temporary, start, end }] }
//   -> { errors: ({ code, message } | null)[] }   per file; null when it and its name are on the disk

import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ bytes, files }) => {
  parentPort.postMessage({ errors: writeAll(new Uint8Array(bytes), files) });
});

/** All are written before the first is flushed, so that the disk has most of them by then. */
function writeAll(bytes, files) {
  const written = files.map(file =>
    attempt(() => {
      file.descriptor = openSync(file.temporary, 'wx', 0o600);
      writeWhole(file.descriptor, bytes.subarray(file.start, file.end));
    }),
  );
  const flushed = files.map((file, i) => written[i] ?? attempt(() => fsyncSync(file.descriptor)));
  const named = files.map((file, i) => {
    if (file.descriptor !== undefined) closeSync(file.descriptor);
    const error = flushed[i] ?? attempt(() => renameSync(file.temporary, file.path));
    if (error) attempt(() => unlinkSync(file.temporary));
    return error;
  });
  const folders = new Set(files.filter((_, i) => !named[i]).map(({ path }) => dirname(path)));
  const listed = new Map([...folders].map(folder => [folder, attempt(() => flushFolder(folder))]));
  return files.map(({ path }, i) => named[i] ?? listed.get(dirname(path)));
}

/** A disk that is nearly full takes a part. */
function writeWhole(descriptor, bytes) {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function flushFolder(folder) {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function attempt(work) {
  try {
    work();
    return null;
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}
