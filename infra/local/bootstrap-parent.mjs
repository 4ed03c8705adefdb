// Loaded by bootstrap.mjs into the program that it runs: dies when bootstrap.mjs was killed (SIGKILL), which can
// forward nothing any more. A program that outlived it would hold the port and the data folder of the next start.

if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The channel alone must not keep the program alive, and the program should not take it for one of its own.
  process.channel.unref();
  process.send = undefined;
}
