import { Stack, Tags } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { customerTag, firewallStackName } from './names.ts';

/** Where CloudFront's web ACLs have to be. */
const REGION = 'us-east-1';

/**
 * Rules of AWS's common rule set that are only counted: what a JMAP request says is mail, which has HTML, addresses and
 * any size; a JMAP client need not say what it is called; and the code with which a person comes back from a sign-in
 * can be longer than 2,048 characters.
 */
const COUNTED = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
  'NoUserAgent_HEADER',
  'SizeRestrictions_QUERYSTRING',
];

/** Below these the path ends with the name of an attachment, or the body is a file: none of it is looked at. */
const UNCHECKED = ['/jmap/download/', '/jmap/upload/'];

/**
 * The firewall of a customer whose file asks for one: in the customer's stack where that is in us-east-1, else in
 * a second stack there, which CDK deploys first. Returns the ARN of the web ACL, or nothing.
 */
export function firewall(scope: Construct, customer: Customer): string | undefined {
  if (!customer.firewall) return undefined;
  return new CfnWebACL(customer.region === REGION ? scope : firewallStack(scope, customer), 'Firewall', {
    name: `mailferry-${customer.id}`,
    description: `Mailferry ${customer.id}`,
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: counted('all'),
    rules: [requestLimit(customer.firewall.requestsPerFiveMinutes), commonRules()],
  }).attrArn;
}

function firewallStack(scope: Construct, customer: Customer): Stack {
  const stack = new Stack(scope.node.root, firewallStackName(customer), {
    env: { account: customer.awsAccount, region: REGION },
    description: `Mailferry for ${customer.id}: the firewall of CloudFront`,
    terminationProtection: true,
  });
  Tags.of(stack).add(customerTag, customer.id);
  return stack;
}

/** More than so many requests of an IP address are answered with 429, which a client takes for "later". */
function requestLimit(limit: number): CfnWebACL.RuleProperty {
  return {
    name: 'requests-by-address',
    priority: 0,
    statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 300 } },
    action: {
      block: {
        customResponse: { responseCode: 429, responseHeaders: [{ name: 'Retry-After', value: '300' }] },
      },
    },
    visibilityConfig: counted('requests-by-address'),
  };
}

function commonRules(): CfnWebACL.RuleProperty {
  return {
    name: 'common-rules',
    priority: 1,
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: 'AWSManagedRulesCommonRuleSet',
        ruleActionOverrides: COUNTED.map(name => ({ name, actionToUse: { count: {} } })),
        scopeDownStatement: {
          notStatement: { statement: { orStatement: { statements: UNCHECKED.map(pathBegins) } } },
        },
      },
    },
    overrideAction: { none: {} },
    visibilityConfig: counted('common-rules'),
  };
}

const pathBegins = (searchString: string): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'STARTS_WITH',
    searchString,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

/** Metrics, and no samples: a sampled request is kept with the token in its header. */
const counted = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
