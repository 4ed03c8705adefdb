import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { loadCustomers } from '../../infra/customers/load.ts';
import { mailferryApp } from '../../infra/stack/mailferry-app.ts';

// `cdk synth` also checks templates against the CloudFormation schemas, which takes longer than all of these tests.
process.env.CDK_VALIDATION = 'false';

/** A resource of a CloudFormation template, as far as the tests look into it. */
export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes, and the assertions check it
  Properties: any;
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export interface Synthesis {
  app: App;
  /** Template of the stack of one customer; or of its firewall, by the name of that stack behind `Mailferry-`. */
  template(name: string): Template;
  remove(): void;
}

/** The examples, and customers who have chosen otherwise: an issuer of their own, a firewall, North Virginia. */
export const customers = ['infra/customers', 'test/infra/customers'].flatMap(loadCustomers);

/** The CDK app of these customers with a stand-in for the built web app, and functions not bundled. */
export function synthesis(): Synthesis {
  const folder = mkdtempSync(join(tmpdir(), 'mailferry-infra-'));
  const appFolder = join(folder, 'app');
  mkdirSync(appFolder);
  writeFileSync(join(appFolder, 'index.html'), '<!doctype html>');
  const app = mailferryApp(customers, appFolder, {
    outdir: join(folder, 'cdk.out'),
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  return {
    app,
    template(name) {
      const stack = app.node.findChild(`Mailferry-${name}`);
      if (!Stack.isStack(stack)) throw new Error(`no stack for ${name}`);
      return Template.fromStack(stack);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Resources of one type, by logical id. */
export function resources(template: Template, type: string): Map<string, Resource> {
  return new Map(Object.entries(template.findResources(type) as Record<string, Resource>));
}

/** The one resource of a type whose logical id begins so. */
export function resource(template: Template, type: string, prefix: string): [id: string, found: Resource] {
  const found = [...resources(template, type)].filter(([id]) => id.startsWith(prefix));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} resources ${type} ${prefix}`);
  return only;
}

/** AWSLambdaBasicExecutionRole, which CDK's own deployment helpers have. */
const writesLogs: Statement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: ['*'],
};

/** Every statement of a role's identity policies; throws when it has policies that are not known here. */
export function statementsOf(template: Template, rolePrefix: string): Statement[] {
  const [roleId, role] = resource(template, 'AWS::IAM::Role', rolePrefix);
  const managed: unknown[] = role.Properties.ManagedPolicyArns ?? [];
  if (
    !managed.every(arn => flatten(arn).endsWith(':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'))
  )
    throw new Error(`${roleId} has managed policies`);
  const attached = [...resources(template, 'AWS::IAM::Policy').values()].filter(policy =>
    policy.Properties.Roles.some((ref: { Ref: string }) => ref.Ref === roleId),
  );
  const documents = [...attached.map(policy => policy.Properties), ...(role.Properties.Policies ?? [])];
  const own = documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(statement));
  return managed.length > 0 ? [...own, writesLogs] : own;
}

/** Every statement of every identity policy of a template, with the roles that have it. */
export function allIdentityStatements(template: Template): { roles: string; statement: Statement }[] {
  return [...resources(template, 'AWS::IAM::Policy').values()].flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map((raw: unknown) => ({
      roles: Properties.Roles.map((ref: { Ref: string }) => ref.Ref).join(),
      statement: statement(raw),
    })),
  );
}

/** Every statement of the policy of a bucket. */
export function bucketPolicy(template: Template, bucketId: string): Statement[] {
  return [...resources(template, 'AWS::S3::BucketPolicy').values()]
    .filter(({ Properties }) => flatten(Properties.Bucket) === `<${bucketId}>`)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement.map(statement));
}

/** A statement with its actions as a list and its resources as readable text, such as `<Bucket.Arn>/raw/*`. */
export function statement(raw: unknown): Statement {
  const { Action, Resource, ...rest } = raw as { Action: unknown; Resource: unknown } & Statement;
  return { ...rest, Action: list(Action).map(String), Resource: list(Resource).map(flatten) };
}

/** An intrinsic function as text: `{ Fn::GetAtt: [A, Arn] }` is `<A.Arn>`, `{ Ref: A }` is `<A>`. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::Sub') return String(argument).replaceAll('${', '<').replaceAll('}', '>');
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flatten).join('');
  return JSON.stringify(value);
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
