import { startMailServer } from '../../infra/local/mail-server.ts';

// Started by mail-server.test.ts, which kills it: a program that has no chance to stop its mail server.
const server = await startMailServer({
  folder: process.argv[2] ?? '',
  users: [{ name: 'mara', password: 'correct horse' }],
});
console.log(
  JSON.stringify({ pid: server.pid, imap: server.ports.imap, maildir: server.maildirs.get('mara') }),
);
setInterval(() => {}, 60_000);
