import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Measure } from './metrics.ts';

/** The namespace of all metrics of ours. Their only dimensions are `service`, the customer's id, and `kind`. */
export const METRICS_NAMESPACE = 'Mailferry';

const units = { Count: MetricUnit.Count, Seconds: MetricUnit.Seconds } as const;

/**
 * Writes metrics to the log in CloudWatch's embedded metric format, of which CloudWatch makes metrics by itself: no call,
 * and no right to make one.
 * @param service the customer's id, because several stacks may share an AWS account
 */
export function cloudWatchMetrics(service: string): (measures: readonly Measure[]) => void {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: service });
  return measures => {
    for (const { name, unit, values, kind } of measures) {
      if (kind === undefined) for (const value of values) metrics.addMetric(name, units[unit], value);
      else
        for (const value of values)
          metrics.singleMetric().addDimension('kind', kind).addMetric(name, units[unit], value);
    }
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
}
