import { brief } from '../figures.js';
import { readyMoment } from '../moment.js';
import { absent, type Resource } from './resource.js';
import type { AdminSources, AlertState } from './sources.js';

export interface AlertRow extends Omit<AlertState, 'sinceMs'> {
  /** Epoch ms. */
  readonly since: number;
}

const ORDER = ['firing', 'recovering', 'pending', 'resolved', 'inactive'];

/** All series of all rules, those that fire first. */
export function alerts({ clock, alertStates }: AdminSources): Resource {
  if (alertStates === undefined) return absent('no alert rules are watched in this process');
  return {
    read: readyMoment(clock, (at) => ({
      at,
      alerts: [...alertStates()]
        .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name))
        .slice(0, 500)
        .map((alert) => alertRow(alert, at)),
    })),
  };
}

export function alertRow({ sinceMs, ...alert }: AlertState, at: number): AlertRow {
  return { ...alert, value: brief(alert.value), since: at - Math.round(sinceMs) };
}

export function isShown({ state }: AlertState): boolean {
  return state === 'firing' || state === 'recovering' || state === 'pending';
}
