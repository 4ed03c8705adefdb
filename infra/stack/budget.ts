import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { customerTag } from './names.ts';

/** Tells when 80 % of what the customer may cost in a month is spent, and when more than all of it is forecast. */
export function addBudget(scope: Construct, customer: Customer): void {
  const subscribers = [{ subscriptionType: 'EMAIL', address: customer.alarms.email }];
  const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
    },
    subscribers,
  });
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `mailferry-${customer.id}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: customer.limits.monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${customerTag}$${customer.id}`] },
    },
    notificationsWithSubscribers: [above('ACTUAL', 80), above('FORECASTED', 100)],
  });
}
