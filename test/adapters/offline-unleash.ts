import { type ClientFeaturesResponse, InMemStorageProvider, Unleash } from 'unleash-client';

export type UnleashState = { readonly features: readonly object[]; readonly segments?: readonly object[] };

/** Unleash's own client, fed by hand: it asks no server and tells none. */
export async function offlineUnleash(state: UnleashState, { metrics = false } = {}): Promise<Unleash> {
  const { features, segments = [] } = state as unknown as ClientFeaturesResponse; // plain JSON, as a server sends it
  const client = new Unleash({
    appName: 'fourlights-test',
    url: 'http://127.0.0.1:9/',
    refreshInterval: 0,
    disableMetrics: !metrics,
    metricsInterval: 3_600_000,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    bootstrap: { data: features, segments },
    storageProvider: new InMemStorageProvider(),
  });
  client.on('error', () => {}); // nobody listens on that port
  const synchronized = new Promise((resolve) => client.once('synchronized', resolve));
  void client.start();
  await synchronized;
  return client;
}
