// Preloaded: counts what is loaded from files from here on, CommonJS and modules alike.
const { Session } = require('node:inspector');

let files = 0;
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:') && url !== `file://${__filename}`) files++;
});
session.post('Debugger.enable');

globalThis.BENCH_MODULES = () => files;
