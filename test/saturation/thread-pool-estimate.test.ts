import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { threadPoolEstimate } from '../../src/saturation/thread-pool-estimate.js';

describe('the thread pool', () => {
  test('is estimated by the file and name requests under way, and no others', () => {
    const resources = () => [
      'TCPSocketWrap',
      'FSReqCallback',
      'GetAddrInfoReqWrap',
      'Timeout',
      'FSReqPromise',
      'WriteWrap',
    ];
    expect(threadPoolEstimate({ resources, size: '12' }).sample()).toEqual({
      ratio: 0.25,
      readings: { request_count: 3, thread_count: 12 },
    });
  });

  test('is above 1 when requests queue', () => {
    const resources = () => Array.from({ length: 10 }, () => 'FSReqCallback');
    expect(threadPoolEstimate({ resources, size: undefined }).sample()?.ratio).toBe(2.5);
  });

  test.each([
    [undefined, 4],
    ['16', 16],
    ['0', 1],
    ['-3', 1],
    ['many', 1],
    ['', 1],
    ['5000', 1024],
    ['8x', 8],
  ])('has with UV_THREADPOOL_SIZE=%s %i threads, as libuv reads it', (size, threads) => {
    expect(threadPoolEstimate({ resources: () => [], size }).sample()?.readings['thread_count']).toBe(threads);
  });

  test('sees this process ask for files', async () => {
    const probe = threadPoolEstimate();
    const asked = Array.from({ length: 9 }, () => stat('/'));
    expect(probe.sample()?.readings['request_count']).toBeGreaterThanOrEqual(9);
    await Promise.all(asked);
  });
});
