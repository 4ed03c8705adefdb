import { awsServices } from './aws-services.ts';
import { MailferryError } from './errors.ts';
import type { Services } from './services.ts';
import { SourceError } from './source/errors.ts';

/**
 * The AWS Lambda entry of a handler, with the services of its environment, made at its first call. What a handler throws
 * Lambda writes to the log whole, with message, cause and all else that hangs on it; so it throws `withoutWords`.
 */
export function lambdaEntry<Args extends unknown[], Answer>(
  createHandler: (services: Services) => (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  let ready: ReturnType<typeof createHandler> | undefined;
  return async (...args) => {
    try {
      ready ??= createHandler(awsServices(process.env));
      return await ready(...args);
    } catch (error) {
      throw withoutWords(error);
    }
  };
}

/**
 * What of an error may get into the log: its name, and where it was thrown. The words of errors of ours say nothing that is
 * secret; those of others may quote a message, or what a mail server was sent.
 */
export function withoutWords(error: unknown): Error {
  const name = error instanceof Error ? error.name : 'unknown';
  const isOurs = error instanceof MailferryError && !(error instanceof SourceError);
  const message = isOurs ? error.message : '(its words are not logged)';
  const frames = (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter(line => /^\s+at \S/.test(line));
  const quiet = new Error(message);
  quiet.name = name;
  quiet.stack = [`${name}: ${message}`, ...frames].join('\n');
  return quiet;
}
