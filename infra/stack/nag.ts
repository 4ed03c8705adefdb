import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges findings of cdk-nag on one construct and those below it.
 * @param reasons finding id, such as `AwsSolutions-S1` or `AwsSolutions-IAM5[Resource::…]`, to the reason why
 *   it stands
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}

/**
 * The id of cdk-nag's finding that a policy allows a wildcard below one resource.
 * @param resource the construct whose ARN the policy names
 * @param suffix what follows the ARN, such as `/raw/*`
 */
export function wildcardFinding(resource: IConstruct, suffix: string): string {
  const logicalId = Stack.of(resource).getLogicalId(resource.node.defaultChild as CfnElement);
  return `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>${suffix}]`;
}
