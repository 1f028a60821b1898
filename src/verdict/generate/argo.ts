import { evidenceQuery, LIMIT, type Side } from './evidence-query.js';

export interface ArgoOptions {
  /** @default fourlights-verdict */
  readonly name?: string | undefined;
  /** Where `/verdict` of the service is, without a query. At least this one or `prometheus`. */
  readonly url?: string | undefined;
  /** A Prometheus that scrapes both versions. */
  readonly prometheus?: string | undefined;
  /** How often `/verdict` is asked, every 30 s, before it is given up as inconclusive. @default 120 */
  readonly looks?: number | undefined;
}

const INTERVAL = '30s';
const WINDOW = '30m';
const HOUR = 120;

/**
 * An AnalysisTemplate of Argo Rollouts. Its arguments `baseline` and `candidate` are versions as `service.version` has
 * them. A verdict of `hold` is neither success nor failure: Argo looks again.
 */
export function analysisTemplate({ name = 'fourlights-verdict', url, prometheus, looks = HOUR }: ArgoOptions): object {
  const metrics = [
    url === undefined ? [] : [webMetric(url, looks)],
    prometheus === undefined ? [] : [promMetric(prometheus)],
  ];
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name },
    spec: { args: [{ name: 'baseline' }, { name: 'candidate' }], metrics: metrics.flat() },
  };
}

/**
 * Ends with the first `pass` or `rollback`. A count that is reached is a success for Argo: one look less may be inconclusive,
 * so that a candidate of which nothing is known ever ends as inconclusive, and the rollout pauses.
 */
function webMetric(url: string, looks: number): object {
  return {
    name: 'verdict',
    interval: INTERVAL,
    count: looks,
    consecutiveSuccessLimit: 1,
    failureLimit: 0,
    inconclusiveLimit: looks - 1,
    successCondition: 'result == "pass"',
    failureCondition: 'result == "rollback"',
    provider: {
      web: {
        url: `${url}?version={{args.candidate}}&baseline={{args.baseline}}`,
        jsonPath: '{$.verdict}',
        timeoutSeconds: 10,
      },
    },
  };
}

/** Watches for ten minutes: a candidate against which nothing has been found by then has stood the test. */
function promMetric(address: string): object {
  const known = 'len(result) > 0 && !isNaN(result[0])';
  const [baseline, candidate] = [side('{{args.baseline}}'), side('{{args.candidate}}')];
  return {
    name: 'errors',
    interval: INTERVAL,
    count: 20,
    failureLimit: 0,
    inconclusiveLimit: 5,
    successCondition: `${known} && result[0] <= ${LIMIT}`,
    failureCondition: `${known} && result[0] > ${LIMIT}`,
    provider: { prometheus: { address, query: evidenceQuery({ baseline, candidate, window: WINDOW }) } },
  };
}

function side(version: string): Side {
  const info = `{__name__=~"service_info|target_info", service_version="${version}"}`;
  return { matchers: '', join: `* on (job, instance) group_left () max by (job, instance) (${info})` };
}
