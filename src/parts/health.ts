import type { Access } from '../admin/access.js';
import type { Routes } from '../admin/routes.js';
import type { Config } from '../config/config.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { processLifecycle } from '../lifecycle/lifecycle.js';
import type { Tracing } from '../traces/tracing.js';
import { flagClient } from './flags.js';

const FLUSH_MS = 2000;

/** Probes are for everybody; why a check fails only for whom the rest of the surface is. */
export function healthRoutes(access: Access): Routes {
  const handlers = Object.entries(processLifecycle.handlers((request) => typeof access.guest(request) === 'object'));
  return Object.fromEntries(handlers.map(([path, handle]) => [path, { open: true, handle }]));
}

/** What a drain does at its end, and the check that comes with flags: what is stale is shown, and takes nobody out of service. */
export function openHealth(
  { flags }: Config,
  tracing: Tracing | undefined,
  shutdown: () => Promise<unknown>,
  lifecycle: Lifecycle,
): void {
  processLifecycle.endings = { flush: async () => tracing?.flush(FLUSH_MS), shutdown };
  const remove = flags.sources.length > 0 && processLifecycle.check('flags', areFresh, { critical: false });
  lifecycle.started('health', () => {
    processLifecycle.endings = undefined;
    if (remove) remove();
  });
}

function areFresh(): void {
  const { status, sources } = flagClient.health();
  const silent = sources.find(({ failure }) => failure !== null);
  if (silent !== undefined) {
    const { source, failure, staleSeconds } = silent;
    throw new Error(
      `the source "${source}" cannot be read, its flags are of ${Math.round(staleSeconds)} s ago: ${failure}`,
    );
  }
  if (status !== 'live') throw new Error(`no live source has given a document; in force: ${status}`);
}
