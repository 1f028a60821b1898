import type { MeasureName } from './measures.js';

export interface GoalRow {
  readonly goal: string;
  readonly figure: string;
  readonly shownBy: readonly [MeasureName, ...MeasureName[]];
  /** What another test shows of it. */
  readonly elsewhere?: string;
}

/** The goals of reliability, by number. */
export const goals = {
  1: {
    goal: 'The host never dies or throws because of us',
    figure: '0 exits, uncaught errors, rejections over 40 faults and 1e6 fuzz cases',
    shownBy: ['exits', 'fuzzCases'],
  },
  2: {
    goal: 'Full disk or blocked reader',
    figure: 'gap <= 50 ms, buffer <= 8 MiB, exit <= 2 s, drops counted exactly, resumes',
    shownBy: ['standstillMs', 'logBufferMb', 'linesUnaccounted', 'endMs'],
  },
  3: {
    goal: 'Collector faults, 60 s at 1000 requests/s each',
    figure: 'CPU +<= 3 %, p99 +<= 5 %, memory +<= 30 MiB, ended = delivered + dropped',
    shownBy: ['cpuAddedShare', 'p99AddedShare', 'rssAddedMb', 'spansUnaccounted'],
  },
  4: {
    goal: 'The user is told',
    figure: 'a warning within 10 s of the start of loss, one line when it ends, at most one a minute',
    shownBy: ['toldMs', 'warnings', 'recoveries'],
  },
  5: {
    goal: 'Shutdown',
    figure: '<= 2 s in every mode, never rejects, exit code unchanged; healthy: all spans, >= 99 % of lines',
    shownBy: ['shutdownMs', 'shutdownFailures', 'spansLostAtEnd', 'linesLostShare'],
  },
  6: {
    goal: 'Cardinality',
    figure: '1e6 values: heap +<= 5 MiB, /metrics <= 1 MiB and <= 50 ms',
    shownBy: ['labelValues', 'labelHeapMb', 'scrapeKb', 'scrapeMs'],
  },
  7: { goal: 'Secrets', figure: '0 of 50 canaries anywhere', shownBy: ['secretsSeen', 'secretsPlanted'] },
  8: {
    goal: 'Header input',
    figure: '1e6 cases: no throw; id <= 128 characters, <= 300 B of log per id, <= 50 us',
    shownBy: ['headerCases', 'headerThrows', 'idLength', 'idLogBytes', 'idUs'],
  },
  9: {
    goal: 'Trace trust',
    figure: "untrusted spans at the configured rate +-2 %; 0 recorded at the client's wish",
    shownBy: ['rateOffShare', 'spansUnderForeignTrace'],
  },
  10: {
    goal: 'Isolation',
    figure: '0 wrong ids in 1e6 interleaved requests',
    shownBy: ['wrongIds', 'interleaved'],
  },
  11: {
    goal: 'Flag sources, 12 faults',
    figure: 'last good kept; wait <= configured; body <= 5 MiB; memory +<= 20 MiB; gap <= 50 ms; pattern <= 5 ms',
    shownBy: ['flagsLost', 'flagWaitOverMs', 'flagBodyMb', 'flagRssMb', 'patternMs'],
  },
  12: {
    goal: 'Soak',
    figure: '3e6 requests: <= 1 KiB per 1000; handles and listeners constant; also with a heap of 64 MiB',
    shownBy: ['soakRequests', 'slopeKb', 'handlesGrown'],
  },
  13: {
    goal: 'Overhead, all on',
    figure: '<= 150 us of CPU per request over bare',
    shownBy: ['overheadUs'],
  },
  14: {
    goal: 'Accounting',
    figure: 'one record per request over 12 life cycles; in flight back to 0',
    shownBy: ['lifeCycles', 'recordsOff', 'inFlight'],
  },
  15: {
    goal: 'Admin surface',
    figure: 'without a token /livez and /readyz only; 1e5 malformed request lines: 0 crashes; 200 payloads: 0 elements',
    shownBy: ['openPaths', 'malformed'],
    elsewhere: '200 payloads make no element in a real browser (`npm run test:real`, test/real/page.test.ts)',
  },
  16: {
    goal: 'False action',
    figure:
      '0 rollbacks from a 5 s block, clock +-1 h, few samples, counter reset, a gap; a true breach acts within 2 windows',
    shownBy: ['falseActions', 'windowsToAct'],
  },
  17: {
    goal: 'Supply chain',
    figure: 'deny list clean; <= 40 packages loaded by default; install scripts known by name; engines at the floors',
    shownBy: ['deniedLoaded', 'packagesLoaded', 'installScripts'],
  },
} as const satisfies Readonly<Record<number, GoalRow>>;

export type Goal = keyof typeof goals;
