import { discoverRoutes } from '../adapters/discovery.js';
import type { Config } from '../config/config.js';
import { traceparentOf } from '../context/correlation.js';
import { store } from '../context/store.js';
import { systemClock } from '../core/clock.js';
import type { Observer } from '../core/exchange.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { Calls } from '../http/calls.js';
import { clientDoor, patchClients } from '../http/client.js';
import { Entry } from '../http/entry.js';
import { watchEscapes } from '../http/escapes.js';
import { AllowedHosts } from '../http/hosts.js';
import { ignoreRule } from '../http/ignore.js';
import type { Header } from '../http/injection.js';
import { door, patchServers } from '../http/server.js';
import type { Admission } from '../rollouts/admission.js';
import { dependencies } from '../signals/dependencies.js';
import { DependencyCalls } from '../signals/dependencies-calls.js';
import { passOn } from '../traces/pass-through.js';
import type { Tracing } from '../traces/tracing.js';

/** Opens the doors: requests come in, calls go out. */
export function openHttp(
  { http }: Config,
  observers: readonly Observer[],
  { tracing, admission }: { readonly tracing?: Tracing | undefined; readonly admission?: Admission },
  lifecycle: Lifecycle,
): void {
  const [name] = http.correlationHeaders;
  door.entry = new Entry({
    clock: systemClock,
    observers,
    correlationHeaders: http.correlationHeaders,
    ignores: ignoreRule(http.ignore),
    namer: http.route,
    remoteSpan: tracing === undefined ? traceparentOf : (headers) => tracing.remoteSpan(headers),
    openSpan: tracing?.openSpan,
  });
  door.auto = http.auto;
  door.admission = http.readOnly || http.limit !== undefined ? admission : undefined;
  door.discover = discoverRoutes;
  clientDoor.calls = new Calls({
    clock: systemClock,
    observers: [...(tracing === undefined ? [] : [tracing.calls]), new DependencyCalls(dependencies)],
    allowed: new AllowedHosts(http.propagateTo),
    headers: (call) => {
      const headers: Header[] = [];
      const current = store.getStore();
      if (current !== undefined) headers.push([name, current.correlationId]);
      const add = (header: string, value: string): void => void headers.push([header, value]);
      if (tracing !== undefined) tracing.inject(add, call);
      else if (current?.exchange !== undefined) passOn(current.exchange.request.headers, add);
      return headers;
    },
  });
  if (http.auto) patchServers();
  patchClients();
  watchEscapes();
  lifecycle.started('http', () => {
    door.entry = undefined;
    door.admission = undefined;
    clientDoor.calls = undefined;
  });
}
