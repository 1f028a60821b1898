/** What a number says, and how far it may go. */
interface Measure {
  readonly says: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What goals ask for. Of several figures the worst stands in the goals' table; of counts of work done (`sum`) all of them together. */
export const measures = {
  exits: { says: 'exits, uncaught errors and rejections', unit: '', atMost: 0 },
  fuzzCases: { says: 'fuzz cases', unit: '', atLeast: 1e6 },
  standstillMs: { says: 'longest standstill of the loop', unit: 'ms', atMost: 50 },
  logBufferMb: { says: 'lines waiting', unit: 'MiB', atMost: 8 },
  linesUnaccounted: { says: 'lines unaccounted for', unit: '', atMost: 0 },
  endMs: { says: 'signal to end of process', unit: 'ms', atMost: 2000 },
  cpuAddedShare: { says: 'CPU per request over the healthy case', unit: '%', atMost: 3 },
  p99AddedShare: { says: 'p99 over the healthy case', unit: '%', atMost: 5 },
  rssAddedMb: { says: 'memory over the healthy case', unit: 'MiB', atMost: 30 },
  spansUnaccounted: { says: 'spans unaccounted for', unit: '', atMost: 0 },
  toldMs: { says: 'start of loss to the warning', unit: 'ms', atMost: 10_000 },
  warnings: { says: 'warnings of one loss', unit: '', atMost: 1 },
  recoveries: { says: 'notices of its end', unit: '', atMost: 1 },
  shutdownMs: { says: 'shutdown', unit: 'ms', atMost: 2000 },
  shutdownFailures: { says: 'shutdowns that failed or rejected', unit: '', atMost: 0 },
  spansLostAtEnd: { says: 'spans lost at the end with a healthy collector', unit: '', atMost: 0 },
  linesLostShare: { says: 'lines lost at the end', unit: '%', atMost: 1 },
  labelHeapMb: { says: 'heap grown', unit: 'MiB', atMost: 5 },
  scrapeKb: { says: '/metrics', unit: 'KiB', atMost: 1024 },
  scrapeMs: { says: 'a scrape', unit: 'ms', atMost: 50 },
  labelValues: { says: 'distinct values sent', unit: '', atLeast: 1e6 },
  secretsSeen: { says: 'canaries seen', unit: '', atMost: 0 },
  secretsPlanted: { says: 'canaries planted', unit: '', atLeast: 50 },
  headerCases: { says: 'header cases', unit: '', atLeast: 1e6 },
  headerThrows: { says: 'throws', unit: '', atMost: 0 },
  idLength: { says: 'longest id', unit: 'characters', atMost: 128 },
  idLogBytes: { says: 'log per id', unit: 'B', atMost: 300 },
  idUs: { says: 'a header, on average', unit: 'us', atMost: 50 },
  rateOffShare: { says: 'rate of untrusted spans off by', unit: '%', atMost: 2 },
  spansUnderForeignTrace: { says: "spans recorded at the client's wish", unit: '', atMost: 0 },
  wrongIds: { says: 'wrong ids', unit: '', atMost: 0 },
  interleaved: { says: 'interleaved requests', unit: '', atLeast: 1e6 },
  flagsLost: { says: 'last good documents lost', unit: '', atMost: 0 },
  flagBodyMb: { says: 'read of one body', unit: 'MiB', atMost: 5 },
  flagRssMb: { says: 'memory grown', unit: 'MiB', atMost: 20 },
  flagWaitOverMs: { says: 'ready() over its wait', unit: 'ms', atMost: 50 },
  patternMs: { says: 'the slowest pattern', unit: 'ms', atMost: 5 },
  slopeKb: { says: 'heap per 1000 requests', unit: 'KiB', atMost: 1 },
  perConnectionBytes: { says: 'added per idle connection', unit: 'B', atMost: 200 },
  soakRequests: { says: 'requests', unit: '', atLeast: 3e6 },
  handlesGrown: { says: 'handles and listeners grown', unit: '', atMost: 0 },
  overheadUs: { says: 'CPU added per request', unit: 'us', atMost: 150 },
  recordsOff: { says: 'records too many or too few', unit: '', atMost: 0 },
  inFlight: { says: 'left in flight', unit: '', atMost: 0 },
  lifeCycles: { says: 'life cycles', unit: '', atLeast: 12 },
  openPaths: { says: 'paths open without a token', unit: '', atMost: 2 },
  malformed: { says: 'malformed request lines', unit: '', atLeast: 1e5 },
  falseActions: { says: 'false rollbacks', unit: '', atMost: 0 },
  windowsToAct: { says: 'a true breach acted on within', unit: 'windows', atMost: 2 },
  deniedLoaded: { says: 'packages of the deny list', unit: '', atMost: 0 },
  packagesLoaded: { says: 'packages loaded by default', unit: '', atMost: 40 },
  installScripts: { says: 'install scripts not known by name', unit: '', atMost: 0 },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof measures;
export type Measured = Readonly<Partial<Record<MeasureName, number>>>;

export const measure = (name: MeasureName): Measure => measures[name];

export const isBeyond = (name: MeasureName, value: number): boolean => {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = measure(name);
  return value > atMost || value < atLeast;
};
