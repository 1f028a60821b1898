import http from 'node:http';

/**
 * A small weighted proxy, in the place of nginx, Envoy or a service mesh: each request goes to one of the versions, by
 * weight, over connections that are kept. It repeats nothing: what fails, fails.
 */
export class WeightedProxy {
  /** @type {Map<string, { port: number, weight: number, answered: number, failed: number, broken: number }>} */
  versions = new Map();
  #agent = new http.Agent({ keepAlive: true });
  #server = http.createServer((request, response) => this.#pass(request, response));

  /** @returns {Promise<string>} its address */
  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** @param {Readonly<Record<string, number>>} weights by version, in per cent; what is not named gets nothing */
  split(weights) {
    for (const [version, to] of this.versions) to.weight = weights[version] ?? 0;
  }

  /** @param {string} version @param {number} port */
  add(version, port) {
    this.versions.set(version, { port, weight: 0, answered: 0, failed: 0, broken: 0 });
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  #next() {
    let left = Math.random() * 100;
    for (const to of this.versions.values()) {
      left -= to.weight;
      if (left < 0) return to;
    }
    return [...this.versions.values()].find(({ weight }) => weight > 0);
  }

  #pass(request, response) {
    const to = this.#next();
    const broken = () => {
      if (to !== undefined) to.broken++;
      if (!response.headersSent) response.writeHead(502);
      response.end();
    };
    if (to === undefined) return broken();
    const options = { port: to.port, host: '127.0.0.1', path: request.url, method: request.method, agent: this.#agent };
    const onward = http.request(options, (answer) => {
      to.answered++;
      if (answer.statusCode >= 500) to.failed++;
      response.writeHead(answer.statusCode, { 'content-type': 'text/plain' });
      answer.on('error', broken);
      answer.pipe(response);
    });
    onward.on('error', broken);
    request.pipe(onward);
  }
}
