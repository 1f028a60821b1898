export const ONE = 'exactly one record each, and none is left in flight';
