import type { Snapshot } from '../../api/snapshot.js';
import type { Question } from './confirm.js';
import type { Child } from './dom.js';
import type { Place } from './route.js';
import type { Store } from './store.js';

/** What a view draws from. */
export interface Scene {
  readonly store: Store;
  readonly place: Place;
  readonly snapshot: Snapshot;
  readonly now: number;
  /** Draws again, as something was chosen that the address does not hold. */
  readonly redraw: () => void;
  /** Asks before something is changed. */
  readonly confirm: (question: Question) => void;
}

export interface View {
  readonly title: string;
  /** What it asks the API for, at every turn. */
  readonly asks: (place: Place) => readonly string[];
  readonly draw: (scene: Scene) => Child;
  /** Left out where there is nothing to show. */
  readonly there?: (snapshot: Snapshot) => boolean;
  /** Not in the list of views: reached from another one. */
  readonly within?: string;
  /** It is left. */
  readonly leave?: () => void;
}
