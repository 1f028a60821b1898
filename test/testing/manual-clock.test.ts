import { describe, expect, test } from 'vitest';
import { manualClock } from '../../src/testing/index.js';

describe('time', () => {
  test('stands still until it is moved', () => {
    const clock = manualClock();
    expect([clock.now(), clock.monotonic()]).toEqual([Date.UTC(2026, 0, 1), 0]);
    expect([clock.now(), clock.monotonic()]).toEqual([Date.UTC(2026, 0, 1), 0]);
  });

  test('both clocks move on together', () => {
    const clock = manualClock(1000);
    clock.advance(12.5);
    expect([clock.now(), clock.monotonic()]).toEqual([1012.5, 12.5]);
  });

  test('setting the wall clock leaves the monotonic one alone', () => {
    const clock = manualClock(1000);
    clock.advance(10);
    clock.setWall(0);
    clock.advance(5);
    expect([clock.now(), clock.monotonic()]).toEqual([5, 15]);
  });
});

describe('repeated work', () => {
  test('runs when it is due, at the very time it is due', () => {
    const clock = manualClock();
    const times: number[] = [];
    clock.every(100, () => times.push(clock.monotonic()));
    clock.advance(99);
    expect(times).toEqual([]);
    clock.advance(251);
    expect(times).toEqual([100, 200, 300]);
    expect(clock.monotonic()).toBe(350);
  });

  test('of several intervals runs in order of time, and of equal time in order of asking', () => {
    const clock = manualClock();
    const ran: string[] = [];
    clock.every(30, () => ran.push('a'));
    clock.every(20, () => ran.push('b'));
    clock.advance(60);
    expect(ran).toEqual(['b', 'a', 'b', 'a', 'b']);
  });

  test('stops when told to, also from within itself', () => {
    const clock = manualClock();
    let ran = 0;
    const stop = clock.every(10, () => {
      ran++;
      stop();
    });
    clock.advance(100);
    expect(ran).toBe(1);
  });

  test('that is asked for while time moves is due from then on', () => {
    const clock = manualClock();
    const times: number[] = [];
    const stop = clock.every(10, () => {
      stop();
      clock.every(5, () => times.push(clock.monotonic()));
    });
    clock.advance(22);
    expect(times).toEqual([15, 20]);
  });

  test('every 0 ms is every millisecond, as Node has it', () => {
    const clock = manualClock();
    let ran = 0;
    clock.every(0, () => ran++);
    clock.advance(3);
    expect(ran).toBe(3);
  });

  test('that moves the clock itself does not make time go back', () => {
    const clock = manualClock();
    const stop = clock.every(10, () => {
      stop();
      clock.advance(1000);
    });
    clock.advance(20);
    expect(clock.monotonic()).toBe(1010);
  });
});
