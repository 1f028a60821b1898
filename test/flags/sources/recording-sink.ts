import type { SourceSink } from '../../../src/flags/source.js';

interface Flag {
  readonly state: string;
}

/** Takes a document that has at least one flag, as the client does, and keeps all that it was told. */
export class RecordingSink implements SourceSink {
  applied = 0;
  refused = 0;
  signs = 0;
  readonly failures: string[] = [];
  flags: Readonly<Record<string, Flag>> = {};

  document(text: string): boolean {
    const flags = flagsIn(text);
    if (flags === undefined) {
      this.refused++;
      return false;
    }
    this.flags = flags;
    this.applied++;
    return true;
  }

  alive(): void {
    this.signs++;
  }

  failed(reason: string): void {
    this.failures.push(reason);
  }

  /** All calls so far. */
  get heard(): number {
    return this.applied + this.refused + this.signs + this.failures.length;
  }

  /** Bad news so far. */
  get troubles(): number {
    return this.refused + this.failures.length;
  }
}

function flagsIn(text: string): Readonly<Record<string, Flag>> | undefined {
  try {
    const { flags } = JSON.parse(text) as { flags?: Record<string, Flag> };
    return flags !== undefined && Object.keys(flags).length > 0 ? flags : undefined;
  } catch {
    return undefined;
  }
}

/** A document of one flag, which a kill turns off. */
export const documentOf = (state: 'ENABLED' | 'DISABLED'): string =>
  JSON.stringify({ flags: { new_checkout: { state, variants: { on: true, off: false }, defaultVariant: 'on' } } });
