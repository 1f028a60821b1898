import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { SettledRule } from '../rule.js';
import { metricNames } from './metric-names.js';
import { type PanelPlan, rows } from './panels.js';
import type { Selectors } from './scope.js';

export interface DashboardOptions {
  /** @default 'Golden signals' */
  readonly title?: string | undefined;
  /** What stays the same when it is imported anew. @default 'fourlights' */
  readonly uid?: string | undefined;
  /** Their thresholds are drawn into the panels of their signals. */
  readonly rules?: readonly SettledRule[] | undefined;
  /** @default 'job' */
  readonly serviceLabel?: string | undefined;
  /** @default 'instance' */
  readonly instanceLabel?: string | undefined;
}

const SOURCE = { type: 'prometheus', uid: '$datasource' };

/** A Grafana dashboard of the four signals, by route, process, dependency and flag. Service and processes are chosen on it. */
export function dashboard(options: DashboardOptions = {}): Dashboard {
  const { title = 'Golden signals', uid = 'fourlights', rules = [] } = options;
  const { serviceLabel = 'job', instanceLabel = 'instance' } = options;
  const built = new DashboardBuilder(title)
    .uid(uid)
    .tags(['fourlights'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(choice('service', `label_values(${metricNames.uptime}, ${serviceLabel})`))
    .withVariable(
      choice('instance', `label_values(${metricNames.uptime}{${serviceLabel}=~"$service"}, ${instanceLabel})`),
    );
  let id = 0;
  for (const row of rows(chosen(serviceLabel, instanceLabel))) {
    built.withRow(new RowBuilder(row.title).id(++id));
    for (const plan of row.panels) built.withPanel(panel(plan, rules).id(++id));
  }
  return built.build();
}

/** Alerts and budgets are of the service, and have no instance. */
function chosen(service: string, instance: string): Selectors {
  const own = `${service}=~"$service"`;
  return {
    service,
    instance,
    of: (metric, ...matchers) => {
      const ofProcess = metric === 'ALERTS' || metric.includes(':') ? [] : [`${instance}=~"$instance"`];
      return `${metric}{${[own, ...ofProcess, ...matchers].join(',')}}`;
    },
  };
}

function choice(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .datasource(SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: 'All', value: '$__all' });
}

function panel(plan: PanelPlan, rules: readonly SettledRule[]): PanelBuilder {
  const made = new PanelBuilder()
    .title(plan.title)
    .description(plan.description)
    .datasource(SOURCE)
    .unit(plan.unit)
    .min(0)
    .fillOpacity(8)
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .height(8)
    .span(plan.wide ? 24 : 12);
  for (const [index, { expr, legend }] of plan.lines.entries())
    made.withTarget(
      new DataqueryBuilder()
        .refId(String.fromCharCode(65 + index))
        .expr(expr)
        .legendFormat(legend)
        .range(),
    );
  const steps = thresholds(plan, rules);
  if (steps.length > 1)
    made
      .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return made;
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}

const COLORS = { critical: 'red', warning: 'orange', info: 'blue' } as const;

/** A line where each rule on that signal fires; Grafana wants them rising, and one below all. */
function thresholds({ signal }: PanelPlan, rules: readonly SettledRule[]): Threshold[] {
  const own = rules.filter((rule) => rule.signal.base === signal);
  const lines = own.map(({ fireAt, severity }) => ({ value: fireAt, color: COLORS[severity] }));
  return [{ value: null, color: 'green' }, ...lines.sort((a, b) => a.value - b.value)];
}
