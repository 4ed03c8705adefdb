import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE } from '../../functions/cloudwatch.ts';
import type { FailureKind, Measure } from '../../functions/metrics.ts';
import type { Customer } from '../customers/schema.ts';

/**
 * A metric that sync writes (`functions/metrics.ts`), of one customer.
 * @param kind of failure; without it all kinds together
 */
export function mailMetric(
  customer: Customer,
  name: Measure['name'],
  { kind, ...how }: { statistic: string; period?: Duration; label?: string; kind?: FailureKind },
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { service: customer.id, ...(kind && { kind }) },
    ...how,
  });
}
