import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The one logger: structured JSON by Powertools. Log ids, names, codes and numbers; never message content,
 * addresses, credentials or what a mail server said.
 */
export const logger = new Logger({ serviceName: 'mailferry' });
