/**
 * `npm run customer -- COMMAND …`: what an operator does with the stacks of customers. docs/operations.md says when.
 * Exit code 0 when all went well, 1 when something needs a person, 2 when the command was called wrongly.
 */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MailferryError } from '../../functions/errors.ts';
import { runOperator } from './commands.ts';
import { OperatorError } from './errors.ts';

// That later versions of the SDK will need a newer Node is nothing that an operator can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

try {
  process.exitCode = await runOperator(process.argv.slice(2), {
    log: line => console.log(line),
    ask: process.stdin.isTTY ? ask : null,
    now: Date.now,
    sleep,
  });
} catch (error) {
  console.error(sentence(error));
  process.exitCode = error instanceof OperatorError && error.code === 'usage' ? 2 : 1;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** What AWS refuses is the operator's to read; anything else of which nobody thought is shown whole. */
function sentence(error: unknown): unknown {
  if (error instanceof MailferryError) return error.message;
  if (error instanceof Error && ('$metadata' in error || error.name === 'CredentialsProviderError')) {
    return `AWS: ${error.name}: ${error.message}`;
  }
  return error;
}
