// Runs Dovecot for as long as the process that forked this one lives. It is a process of its own because a
// parent that is killed (SIGKILL) can stop nothing any more, while the closing of its IPC channel still tells us.
// Plain JavaScript, so that it starts in 40 ms and needs no loader.
//
//   fork('mail-server-keeper.mjs', [program, configFile, logFile])
//   -> { pid }         Dovecot's master runs
//   -> { exit: text }  it ended, or could not be started
//   disconnect         stop it and leave

import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

/** How long Dovecot may take to stop before it is killed, in milliseconds. */
const STOP_LIMIT = 5000;

const [program, configFile, logFile] = process.argv.slice(2);
// Ctrl-C in a terminal goes to the whole process group; who forked us decides when to stop.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});

const log = openSync(logFile, 'a', 0o600);
const master = spawn(program, ['-F', '-c', configFile], { stdio: ['ignore', log, log], detached: true });
let stopping = false;

function tell(message) {
  if (process.connected) process.send(message, () => {});
}

function killGroup(signal) {
  try {
    process.kill(-master.pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

master.once('spawn', () => tell({ pid: master.pid }));
master.once('error', error => {
  tell({ exit: error.message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
master.once('exit', (code, signal) => {
  killGroup('SIGKILL');
  tell({ exit: `Dovecot ended with ${signal ?? `code ${code}`}` });
  if (process.connected) process.disconnect();
});

process.once('disconnect', () => {
  if (stopping || master.pid === undefined || master.exitCode !== null || master.signalCode !== null) return;
  stopping = true;
  master.kill('SIGTERM');
  setTimeout(() => killGroup('SIGKILL'), STOP_LIMIT).unref();
});
