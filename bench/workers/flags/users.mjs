/** 1024 users, each in the form that a subject takes. */
export function users() {
  return Array.from({ length: 1024 }, (_, i) => {
    const attributes = {
      plan: i % 5 === 0 ? 'pro' : 'free',
      country: ['US', 'GB', 'DE', 'SE'][i % 4],
      version: `${1 + (i % 2)}.${i % 7}.${i % 3}`,
      beta: i % 3 === 0,
    };
    const id = `user-${i * 7919}`;
    return {
      flagd: { targetingKey: id, email: `${id}@example.com`, ...attributes },
      unleash: { userId: id, properties: { ...attributes, beta: String(attributes.beta) } },
      launchDarkly: { kind: 'user', key: id, ...attributes },
      growthBook: { attributes: { id, ...attributes } },
    };
  });
}
