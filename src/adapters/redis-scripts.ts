import type { Sums } from '../rollouts/evidence-sums.js';

/**
 * KEYS[1] the decision; ARGV rank, JSON, channel. Stores and publishes it if it ranks higher than what is there; gives what is
 * there after that.
 */
export const DECIDE = `
local stored = redis.call('GET', KEYS[1])
if stored then
  local known, other = pcall(cjson.decode, stored)
  local rank = nil
  if known and type(other) == 'table' then rank = tonumber(other.rank) end
  if rank and rank >= tonumber(ARGV[1]) then return stored end
end
local text = string.sub(ARGV[2], 1, -2) .. ',"rank":' .. ARGV[1] .. '}'
redis.call('SET', KEYS[1], text)
redis.call('PUBLISH', ARGV[3], text)
return text
`;

/**
 * KEYS[1] the sums of one part; ARGV process, sequence, a name for a hash that is new, ms to live, oldest block, then fields
 * and increments in turn. A sequence that was seen adds nothing: a network may repeat it. Gives the whole hash.
 */
export const ADD = `
redis.call('HSETNX', KEYS[1], 'born', ARGV[3])
local last = tonumber(redis.call('HGET', KEYS[1], 'seq:' .. ARGV[1]) or '0')
if tonumber(ARGV[2]) > last then
  redis.call('HSET', KEYS[1], 'seq:' .. ARGV[1], ARGV[2])
  for i = 6, #ARGV, 2 do redis.call('HINCRBYFLOAT', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local all = redis.call('HGETALL', KEYS[1])
local kept = {}
local oldest = tonumber(ARGV[5])
for i = 1, #all, 2 do
  local block = string.match(all[i], '^ratio%..*@(%d+)#')
  if block and tonumber(block) < oldest then redis.call('HDEL', KEYS[1], all[i])
  elseif string.sub(all[i], 1, 4) ~= 'seq:' then kept[#kept + 1] = all[i]; kept[#kept + 1] = all[i + 1] end
end
return kept
`;

/** Each number a field of its own: `ratio.errors@3#11`. Zeroes are left out where a field is there without them. */
export function addArguments(sums: Sums): (string | number)[] {
  return Object.entries(sums).flatMap(([name, values]) => values.flatMap((value, i) => [`${name}#${i}`, value]));
}

export function numbersOf(fields: ReadonlyMap<string, string>): Sums {
  const sums: Record<string, number[]> = {};
  for (const [field, text] of fields) {
    const at = field.lastIndexOf('#');
    const index = Number(field.slice(at + 1));
    const value = Number(text);
    if (at === -1 || !Number.isInteger(index) || index > 1000 || !Number.isFinite(value)) continue;
    const name = field.slice(0, at);
    sums[name] ??= [];
    sums[name][index] = value;
  }
  return sums;
}
