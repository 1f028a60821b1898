// The one route's work, the same under every framework.
let answered = 0;

/** @param {string} id */
exports.user = function user(id) {
  answered++;
  return {
    id,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    roles: ['reader', 'editor'],
    address: { street: '12 St James Square', city: 'London', country: 'GB' },
    created: '2024-05-17T09:30:00.000Z',
  };
};

exports.answered = () => answered;

/** Prefixes of the routes that a service has; the first is there always. */
exports.prefixes = (count) => Array.from({ length: count }, (_, i) => (i === 0 ? '/api/users' : `/api/users-${i}`));

/** Paths under it are answered when `release()` is called. */
exports.HELD = '/api/held/';

let held = [];

exports.hold = (finish) => void held.push(finish);

exports.held = () => held.length;

exports.release = function release() {
  for (const finish of held) finish();
  held = [];
};
