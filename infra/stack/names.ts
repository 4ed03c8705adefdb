import { createHash } from 'node:crypto';
import type { Customer } from '../customers/schema.ts';

/** The tag by which costs are told apart; to be activated once as a cost allocation tag. */
export const customerTag = 'mailferry-customer';

/** The customer's stack. */
export const stackName = (customer: Customer) => `Mailferry-${customer.id}`;

/** Beside it in us-east-1, for a customer of another region whose file asks for a firewall. */
export const firewallStackName = (customer: Customer) => `${stackName(customer)}-firewall`;

/**
 * A physical name that the stack must know before the resource exists, unique over all customers, accounts
 * and regions: `mailferry-<id>-<purpose>-<8 hex digits>`, at most 63 characters of a-z, 0-9 and hyphen.
 */
export function physicalName(customer: Customer, purpose: string): string {
  const { id, awsAccount, region } = customer;
  const unique = createHash('sha256').update(`${awsAccount}/${region}/${id}`).digest('hex').slice(0, 8);
  return `mailferry-${id}-${purpose}-${unique}`;
}

/** The customer's mail bucket. Named by us, because the app's Content-Security-Policy must name its host. */
export const mailBucketName = (customer: Customer) => physicalName(customer, 'mail');

/** Host of the mail bucket, from which large blobs are downloaded by a presigned address. */
export const mailBucketHost = (customer: Customer) =>
  `${mailBucketName(customer)}.s3.${customer.region}.amazonaws.com`;

/** First label of the host at which Cognito's managed login is served. */
export const signInPrefix = (customer: Customer) => physicalName(customer, 'sign-in');

/**
 * Origins that the app has to reach to sign in: the issuer with its metadata and token endpoint, or Cognito's user
 * pools and managed login.
 */
export function signInOrigins(customer: Customer): string[] {
  const { region, users } = customer;
  if (users.issuer) return [...new Set([new URL(users.issuer.url).origin, ...users.issuer.origins])];
  return [
    `https://${signInPrefix(customer)}.auth.${region}.amazoncognito.com`,
    `https://cognito-idp.${region}.amazonaws.com`,
  ];
}
