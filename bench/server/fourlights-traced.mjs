import { observe, shutdown, signals } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

observe({
  service: 'bench',
  log: { destination: process.env.BENCH_LOG },
  traces: { exporter: 'otlp', endpoint: process.env.BENCH_OTLP, ratio: Number(process.env.BENCH_RATIO ?? 1) },
});

export const middleware = () => goldenSignals();

export const recorded = () => signals.snapshot().traffic.total;

export const flush = () => shutdown();
