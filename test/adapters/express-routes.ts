import type { App, ErrorHandler, Express, Flavour, Handler } from './flavours.js';

/** One request and how its record must read. */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  readonly route: string;
  readonly status?: number;
  readonly errorType?: string;
}

const ok: Handler = (_request, response) => response.end('ok');
const params: Handler = (request, response) => response.json(request.params);
const pass: Handler = (_request, _response, next) => next();
const fail = (cause: Error): Handler => {
  return () => {
    throw cause;
  };
};

/** An application with every shape of route that Express knows, and none of our middleware. */
export function everyRoute(express: Express, flavour: Flavour, app: App = express()): App {
  const leaf = express.Router({ mergeParams: true });
  leaf.get('/', ok);
  leaf.get('/items/:item', ok);
  leaf.get('/merged/:item', params);
  leaf.get('/throws', fail(new RangeError('sync')));
  leaf.get('/rejects', flavour.failLater(new RangeError('async')));

  app.get('/', ok);
  app.get('/flat', ok);
  app.get('/users/:id', ok);
  app.get('/users/:id/posts/:post', ok);
  app.get('/range/:from-:to', ok);
  app.get(['/one', '/two/:x'], ok);
  app.get(/^\/re\/(\d+)$/, ok);
  app.all('/all/:x', ok);
  app.route('/chain/:x').get(ok);
  app.get(`/files/${flavour.wildcard}`, ok);
  app.get(`/optional/:a${flavour.optional('b')}`, ok);
  app.get('/slashed/', ok);
  app.get('/through/:x', pass);

  app.use('/api', pass);
  app.use('/api/:ver', leaf);
  app.use('/deep/:a', router(express, '/b', router(express, '/c/:d', leaf)));
  app.use('/range/:from-:to', leaf);
  app.use('/v:major.x', leaf);
  app.use(['/m1', '/m2/:x'], leaf);
  app.use(/^\/v(\d+)/, leaf);
  app.use(`/maybe${flavour.optional('x')}/end`, leaf);
  app.use('/trailing/', leaf);
  app.use('/sub/:tenant', subApp(express, leaf));
  app.use('/through', ok);
  app.use('/assets', ok);
  app.use('/teams/:team/assets', ok);
  app.use('/guarded/:x', fail(new TypeError('not let in')));
  app.use('/missing', express.Router().get('/there', ok));
  return app;
}

function router(express: Express, path: string, mounted: unknown): unknown {
  const outer = express.Router({ mergeParams: true });
  outer.use(pass);
  outer.use(path, mounted);
  return outer;
}

function subApp(express: Express, mounted: unknown): App {
  const app = express();
  app.use('/in/:x', mounted);
  app.get('/own/:y', ok);
  return app;
}

/** Answers for what fails: below `/deep` and with 422 in one router, everywhere else with 503. */
export function answeringErrors(app: App): App {
  const handler: ErrorHandler = (_error, request, response, _next) => {
    response.statusCode = request.headers['x-fault'] === 'client' ? 422 : 503;
    response.end('failed');
  };
  app.use(handler);
  return app;
}

export function routeCases({ wildcard, optional, told }: Flavour): readonly Case[] {
  return [
    { name: 'root', path: '/', route: '/' },
    { name: 'flat', path: '/flat', route: '/flat' },
    { name: 'query', path: '/flat?token=1', route: '/flat' },
    { name: 'trailing slash in the URL', path: '/flat/', route: '/flat' },
    { name: 'trailing slash in the pattern', path: '/slashed', route: '/slashed/' },
    { name: 'upper case in the URL', path: '/FLAT', route: '/flat' },
    { name: 'param', path: '/users/42', route: '/users/:id' },
    { name: 'params', path: '/users/42/posts/7', route: '/users/:id/posts/:post' },
    { name: 'two params in one segment', path: '/range/1-9', route: '/range/:from-:to' },
    { name: 'encoded slash', path: '/users/a%2Fb', route: '/users/:id' },
    { name: 'encoded blank', path: '/users/a%20b', route: '/users/:id' },
    { name: 'param that does not decode', path: '/users/%zz', route: '_unmatched', status: 400 },
    { name: 'first of several paths', path: '/one', route: '/one' },
    { name: 'second of several paths', path: '/two/2', route: '/two/:x' },
    { name: 'RegExp', path: '/re/12', route: '/^\\/re\\/(\\d+)$/' },
    { name: 'all', path: '/all/1', method: 'PUT', route: '/all/:x' },
    { name: 'chained', path: '/chain/1', route: '/chain/:x' },
    { name: 'HEAD of a GET route', path: '/users/42', method: 'HEAD', route: '/users/:id' },
    { name: 'OPTIONS answered by Express', path: '/users/42', method: 'OPTIONS', route: '_unmatched' },
    { name: 'wildcard', path: '/files/a/b/c.txt', route: `/files/${wildcard}` },
    { name: 'optional part absent', path: '/optional/1', route: `/optional/:a${optional('b')}` },
    { name: 'optional part present', path: '/optional/1/2', route: `/optional/:a${optional('b')}` },

    { name: 'value that equals the prefix', path: '/api/api/items/api', route: '/api/:ver/items/:item' },
    { name: 'parametrised mount', path: '/api/v2/items/3', route: '/api/:ver/items/:item' },
    { name: 'root of a mounted router', path: '/api/v2', route: '/api/:ver' },
    { name: 'root of a mounted router with a slash', path: '/api/v2/', route: '/api/:ver' },
    { name: 'encoded value in a mount', path: '/api/a%2Fb%20c/items/3', route: '/api/:ver/items/:item' },
    { name: 'upper case in a mount', path: '/API/V2/ITEMS/3', route: '/api/:ver/items/:item' },
    { name: 'merged params', path: '/api/v2/merged/3', route: '/api/:ver/merged/:item' },
    { name: 'three levels', path: '/deep/1/b/c/2/items/3', route: '/deep/:a/b/c/:d/items/:item' },
    { name: 'equal values on three levels', path: '/deep/b/b/c/b/items/b', route: '/deep/:a/b/c/:d/items/:item' },
    { name: 'mount with two params in one segment', path: '/range/a-b/items/1', route: '/range/:from-:to/items/:item' },
    { name: 'mount with a param inside a segment', path: '/v7.x/items/1', route: '/v:major.x/items/:item' },
    { name: 'first of several mounts', path: '/m1/items/1', route: '/m1/items/:item' },
    { name: 'second of several mounts', path: '/m2/2/items/1', route: '/m2/:x/items/:item' },
    { name: 'RegExp mount', path: '/v9/items/1', route: `${told.regexpMount}/items/:item` },
    {
      name: 'optional part of a mount absent',
      path: '/maybe/end/items/1',
      route: `${told.optionalMount[0]}/items/:item`,
    },
    {
      name: 'optional part of a mount present',
      path: '/maybe/1/end/items/1',
      route: `${told.optionalMount[1]}/items/:item`,
    },
    { name: 'mount with a trailing slash', path: '/trailing/items/1', route: '/trailing/items/:item' },
    { name: 'route of a sub-application', path: '/sub/acme/own/1', route: '/sub/:tenant/own/:y' },
    { name: 'router in a sub-application', path: '/sub/acme/in/in/items/1', route: '/sub/:tenant/in/:x/items/:item' },
    { name: 'mount that answers', path: '/assets/logo.svg', route: '/assets/*' },
    { name: 'parametrised mount that answers', path: '/teams/7/assets/x.css', route: '/teams/:team/assets/*' },
    { name: 'mount that answers after a route passed', path: '/through/1', route: '/through/*' },

    { name: 'nothing there', path: '/nowhere/at/all', route: '_unmatched', status: 404 },
    { name: 'nothing behind a prefix middleware', path: '/api', route: '_unmatched', status: 404 },
    { name: 'nothing in a mounted router', path: '/missing/here', route: '_unmatched', status: 404 },
    { name: 'nothing for the method', path: '/flat', method: 'DELETE', route: '_unmatched', status: 404 },
  ];
}

export function errorCases(status: number): readonly Case[] {
  const range = { status, errorType: 'RangeError' };
  return [
    { name: 'throws', path: '/api/v2/throws', route: '/api/:ver/throws', ...range },
    { name: 'rejects', path: '/api/v2/rejects', route: '/api/:ver/rejects', ...range },
    { name: 'throws three levels down', path: '/deep/1/b/c/2/throws', route: '/deep/:a/b/c/:d/throws', ...range },
    { name: 'rejects three levels down', path: '/deep/1/b/c/2/rejects', route: '/deep/:a/b/c/:d/rejects', ...range },
    {
      name: 'rejects in a sub-application',
      path: '/sub/x/in/y/rejects',
      route: '/sub/:tenant/in/:x/rejects',
      ...range,
    },
    { name: 'mounted middleware throws', path: '/guarded/1', route: '/guarded/:x/*', status, errorType: 'TypeError' },
  ];
}
