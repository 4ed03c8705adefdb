/**
 * Runs something and gives the lines of text that it has written to standard output and error, which do not show them
 * then. What the test runner writes there meanwhile is bytes, and goes its way.
 */
export async function printed(work: () => Promise<unknown> | unknown): Promise<string[]> {
  let text = '';
  const restore = [process.stdout, process.stderr].map(stream => {
    const write = stream.write;
    stream.write = ((chunk: string | Uint8Array) => {
      if (typeof chunk !== 'string') return write.call(stream, chunk);
      text += chunk;
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  try {
    await work();
  } finally {
    for (const back of restore) back();
  }
  return text.split('\n').filter(line => line !== '');
}
