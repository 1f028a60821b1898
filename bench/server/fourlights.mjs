import { observe, shutdown, signals } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

observe({ service: 'bench', log: { destination: process.env.BENCH_LOG } });

export const middleware = () => goldenSignals();

export const recorded = () => signals.snapshot().traffic.total;

export const flush = () => shutdown();
