import type { StackResource } from './stack.ts';

/** What is left of a customer, and in which order it goes. Pure. */

/** A stack of a customer: as it is, or as it was when it was deleted. */
export interface StackLeft {
  id: string;
  name: string;
  region: string;
  status: string;
  isProtected: boolean;
  resources: readonly StackResource[];
}

/** What there is of a customer. */
export interface CustomerLeft {
  /** Those that were deleted, too: they name what outlived them. */
  stacks: readonly StackLeft[];
  /** Log groups and parameters that are no resources of a stack, or outlive it. */
  logGroups: readonly { region: string; name: string }[];
  parameters: readonly string[];
  region: string;
}

/** What is done with what. */
export interface DeletionStep {
  kind:
    | 'unprotect'
    | 'stack'
    | 'table'
    | 'bucket'
    | 'user-pool'
    | 'log-group'
    | 'parameters'
    | 'key'
    | 'by-hand';
  region: string;
  /** Physical ids. */
  names: readonly string[];
  /** What would be done, for a person. */
  says: string;
}

/** Types that a stack leaves behind (`RemovalPolicy.RETAIN`), or that keep it from being deleted while they are full. */
const KINDS: Readonly<Record<string, 'table' | 'bucket' | 'user-pool' | 'key' | 'log-group'>> = {
  'AWS::DynamoDB::GlobalTable': 'table',
  'AWS::DynamoDB::Table': 'table',
  'AWS::S3::Bucket': 'bucket',
  'AWS::Cognito::UserPool': 'user-pool',
  'AWS::Logs::LogGroup': 'log-group',
  'AWS::KMS::Key': 'key',
};
/** The keys last: until then all else can still be read. */
const ORDER = ['table', 'bucket', 'user-pool', 'log-group', 'parameters', 'key', 'by-hand'] as const;

const WORDS: Readonly<Record<(typeof ORDER)[number], string>> = {
  table: 'Delete the table, with its recovery points',
  bucket: 'Delete the bucket, with every version and delete marker in it',
  'user-pool': 'Delete the user pool, with its domain and users',
  'log-group': 'Delete the log group',
  parameters: 'Delete the parameters',
  key: 'Schedule the deletion of the key',
  'by-hand': 'Not known here, remove it by hand:',
};

/**
 * The steps that leave nothing of a customer. The stack goes first: its functions write, and it says what outlives it.
 * Each step may be done twice, so that a deletion that was interrupted is planned anew and goes on.
 */
export function deletionPlan({ stacks, logGroups, parameters, region }: CustomerLeft): DeletionStep[] {
  const current = stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
  const first = current.flatMap(({ id, name, region, isProtected }): DeletionStep[] => [
    ...(isProtected
      ? [
          {
            kind: 'unprotect' as const,
            region,
            names: [id],
            says: `Take the protection off the stack ${name}`,
          },
        ]
      : []),
    { kind: 'stack', region, names: [id], says: `Delete the stack ${name}` },
  ]);
  const rest = new Map<string, DeletionStep>();
  const add = (kind: (typeof ORDER)[number], region: string, names: readonly string[]) => {
    const says = `${WORDS[kind]} ${names.join(', ')}`;
    rest.set(`${kind} ${region} ${names.join()}`, { kind, region, names, says });
  };
  for (const stack of stacks) {
    const isOver = stack.status === 'DELETE_COMPLETE';
    for (const { type, physicalId, status } of stack.resources) {
      if (physicalId === '' || status === 'DELETE_COMPLETE') continue;
      const kind = KINDS[type];
      if (kind) add(kind, stack.region, [physicalId]);
      else if (isOver && status === 'DELETE_SKIPPED') add('by-hand', stack.region, [`${type} ${physicalId}`]);
    }
  }
  for (const { region, name } of logGroups) add('log-group', region, [name]);
  if (parameters.length > 0) add('parameters', region, parameters);
  const place = ({ kind }: DeletionStep) => (ORDER as readonly string[]).indexOf(kind);
  return [...first, ...[...rest.values()].sort((a, b) => place(a) - place(b))];
}
