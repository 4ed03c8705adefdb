import { z } from 'zod';
import { issuer } from './issuer.ts';
import { oauth, secretsElsewhere } from './oauth.ts';
import { alarms, canary } from './watching.ts';

/** The retention periods that CloudWatch Logs offers, in days, up to two years. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const hostName = z
  .string()
  .max(253)
  .regex(
    /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'must be a host name in lower case, such as mail.example.org, without scheme, port or path',
  );

const users = z.strictObject({
  signUp: z
    .enum(['invitation', 'open'])
    .default('invitation')
    .describe('Who may become a user: those whom the operator invites, or anyone with an e-mail address.'),
  mfa: z
    .enum(['off', 'optional', 'required'])
    .default('optional')
    .describe('Whether a sign-in with a password needs a one-time code from an authenticator app as well.'),
  issuer: issuer
    .optional()
    .describe(
      'An OIDC issuer of the customer’s own. With it no user pool is made, and who may sign in, and how, is decided there: `signUp` and `mfa` must not be given.',
    ),
});

const retention = z.strictObject({
  logDays: z
    .literal(logRetentionDays)
    .default(90)
    .describe('Days that logs of functions, the API and access to buckets are kept.'),
  previousVersionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe('Days that a deleted or overwritten blob can still be restored from its previous version.'),
  keyRotationDays: z
    .int()
    .min(90)
    .max(2560)
    .default(2560)
    .describe(
      'Days after which KMS changes the material of the customer’s key; 365 is once a year. The key costs $1 a month, and $1 more from its first rotation on and again from its second.',
    ),
});

const deletion = z.strictObject({
  policies: z
    .array(z.enum(['whenDestroyed', 'afterDays', 'onceStored']))
    .default(['whenDestroyed', 'afterDays', 'onceStored'])
    .describe(
      'What accounts may choose beside keeping everything: to delete what a person deletes here for good, what is older than some days, or what is stored. `[]` lets nobody choose any. An account that had chosen what is no longer here keeps everything.',
    )
    .meta({ examples: [['whenDestroyed', 'afterDays']] }),
  minimumDays: z
    .int()
    .min(1)
    .max(3650)
    .default(1)
    .describe('The fewest days that `afterDays` may count; accounts that chose fewer wait so long.'),
});

const limits = z.strictObject({
  maxSyncConcurrency: z
    .int()
    .min(2, 'must be 2 or more, the least that an SQS event source mapping takes')
    .max(1000)
    .default(10)
    .describe('How many sync functions may pull at the same time.'),
  apiRequestsPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe(
      'Requests that the API answers in a second, for all users together; twice as many for a moment.',
    ),
  monthlyBudgetUsd: z
    .number()
    .positive()
    .default(20)
    .describe('Monthly cost in US dollars above which the alarm address is told.'),
});

const firewall = z.strictObject({
  requestsPerFiveMinutes: z
    .int()
    .min(10)
    .max(2_000_000_000)
    .default(3000)
    .describe(
      'Requests that one IP address may make in five minutes; more are answered with 429. An office may be one address.',
    ),
});

/** What differs between customers: the content of one file of `infra/customers/`. Unknown keys are refused. */
export const customerSchema = z
  .strictObject({
    $schema: z
      .string()
      .optional()
      .describe('For editors, which then know the fields; nothing else reads it.')
      .meta({ examples: ['../../docs/customers.schema.json'] }),
    id: z
      .string()
      .regex(
        /^[a-z](-?[a-z0-9]){2,19}$/,
        'must be 3 to 20 letters a-z, digits and single hyphens, and begin with a letter',
      )
      .refine(id => !/aws|amazon|cognito/.test(id), {
        error: 'must not contain aws, amazon or cognito, which Cognito refuses in a sign-in domain',
      })
      .describe('Names the customer in the stack and in every physical name; also the name of this file.')
      .meta({ examples: ['harbour-books'] }),
    region: z
      .string()
      .regex(/^[a-z]{2}-[a-z]+-\d$/, 'must be an AWS region such as eu-west-1')
      .describe('The AWS region that holds all of the customer’s data.')
      .meta({ examples: ['eu-west-1'] }),
    awsAccount: z
      .string()
      .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account id, as a string')
      .describe('The AWS account that the stack is deployed to.')
      .meta({ examples: ['111122223333'] }),
    domain: z
      .strictObject({
        name: hostName
          .describe('The host name at which people open the app.')
          .meta({ examples: ['mail.example.org'] }),
        certificateArn: z
          .string()
          .regex(
            /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]+$/,
            'must be the ARN of an ACM certificate in us-east-1, where CloudFront looks for it',
          )
          .describe('The ACM certificate for that name, in us-east-1.')
          .meta({
            examples: ['arn:aws:acm:us-east-1:111122223333:certificate/1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809'],
          }),
      })
      .optional()
      .describe('A domain of the customer’s own; without it the app lives at its CloudFront address.'),
    users: users.prefault({}).describe('Who may sign in, and how.'),
    firewall: firewall
      .optional()
      .describe(
        'A firewall (AWS WAF) before the app and the API: a limit of requests by IP address and the common rules of AWS. Off without it; `{}` is enough. It costs $7 a month and $0.60 per million requests. Outside of us-east-1 it is a second small stack there, `Mailferry-<id>-firewall`.',
      ),
    retention: retention.prefault({}).describe('How long things are kept that are not mail.'),
    deletion: deletion
      .prefault({})
      .describe(
        'What accounts may delete at their mail servers, once it is stored here. The customer’s own mail is deleted by nothing in this file: table, mail bucket, key and user pool outlive their stack.',
      ),
    limits: limits.prefault({}).describe('Bounds on load and cost.'),
    alarms: alarms.describe('Where alarms go, and what they are about.'),
    dashboard: z
      .boolean()
      .default(false)
      .describe(
        'Whether there is a CloudWatch dashboard, `mailferry-<id>`. It costs $3 a month from the fourth of an AWS account on, which is more than all else of an idle stack; `npm run customer -- status` answers the same in words.',
      ),
    canary: canary
      .optional()
      .describe(
        'A canary: a small function that asks from outside for the app, its configuration, the sign-in and the API, with an alarm when that failed twice. Off without it; `{}` is enough. It costs about $0.15 a month.',
      ),
    allowPrivateHosts: z
      .array(hostName.or(z.ipv4()).or(z.ipv6()))
      .default([])
      .describe('Mail hosts that may be reached although their address is private or loopback.')
      .meta({ examples: [['imap.office.example']] }),
    oauth: oauth
      .default({})
      .describe('Providers at which people can sign in for their mail account, by name: google, microsoft.'),
  })
  .superRefine(({ id, oauth }, context) => {
    for (const name of secretsElsewhere(id, oauth)) {
      const path = ['oauth', name, 'clientSecretParameter'];
      context.addIssue({ code: 'custom', path, message: `must begin with /mailferry/${id}/` });
    }
  })
  .describe('One customer of Mailferry.');

/** A customer with every default filled in. */
export type Customer = z.output<typeof customerSchema>;
