import type { Template } from 'aws-cdk-lib/assertions';
import { flatten, resource, resources, type Statement, statement, statementsOf } from './synthesis.ts';

/**
 * Answers what IAM would: may this role do this? From the policies of a template alone, for the conditions that they
 * use; one that is not known here throws, so that no proof rests on a condition that was not looked at.
 */

/** A request as IAM sees it; resources and ARNs are written as `flatten` writes them. */
export interface Request {
  action: string;
  resource: string;
  /** Condition keys of the request. A key that is not here is not in the request. */
  context?: Readonly<Record<string, string>>;
}

/**
 * Whether a role of the template may do it: allowed by an identity policy (or, for KMS, by a statement of the key for
 * this role), and denied neither there nor by the key's own policy.
 */
export function mayDo(template: Template, rolePrefix: string, request: Request): boolean {
  const [roleId] = resource(template, 'AWS::IAM::Role', rolePrefix);
  const context = { 'aws:PrincipalArn': `<${roleId}.Arn>`, ...request.context };
  const identity = statementsOf(template, rolePrefix).filter(({ Resource }) =>
    Resource.some(pattern => like(pattern, request.resource)),
  );
  const applying = [...identity, ...keyStatements(template, request.resource)].filter(
    one => one.Action.some(action => like(action, request.action)) && holds(one, context),
  );
  const isDenied = applying.some(({ Effect }) => Effect === 'Deny');
  return !isDenied && identity.some(one => one.Effect === 'Allow' && applying.includes(one));
}

/** Statements of a key's policy that hold for every principal; those for others (CloudWatch) say nothing of a role. */
function keyStatements(template: Template, arn: string): Statement[] {
  return [...resources(template, 'AWS::KMS::Key')]
    .filter(([id]) => arn === `<${id}.Arn>`)
    .flatMap(([, { Properties }]) => Properties.KeyPolicy.Statement.map(statement) as Statement[])
    .filter(({ Principal }) => (Principal as { AWS?: unknown }).AWS === '*');
}

function holds({ Condition = {} }: Statement, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      satisfies(operator, context[key], (Array.isArray(wanted) ? wanted : [wanted]).map(asText)),
    ),
  );
}

function satisfies(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
      return actual !== undefined && wanted.includes(actual);
    case 'StringLike':
      return actual !== undefined && wanted.some(pattern => like(pattern, actual));
    // Of a request without the key both of these hold.
    case 'ForAllValues:StringEquals':
      return actual === undefined || wanted.includes(actual);
    case 'ArnNotEquals':
      return actual === undefined || !wanted.includes(actual);
    case 'BoolIfExists':
      return actual === undefined || wanted.includes(actual);
    case 'Null':
      return wanted.includes(String(actual === undefined));
    default:
      throw new Error(`the condition ${operator} is not known to this test`);
  }
}

const asText = (value: unknown) => (typeof value === 'boolean' ? String(value) : flatten(value));

function like(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
