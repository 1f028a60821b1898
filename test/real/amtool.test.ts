import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inhibitions } from '../../src/alerts/generate/alertmanager.js';
import { fileText, prometheusRules } from '../../src/alerts/generate/prometheus.js';
import { everyObjective, everySignal, someBusiness } from '../alerts/generate/every-signal.js';

const installed = spawnSync('amtool', ['--version']).status === 0;

describe.skipIf(!installed)("amtool (skipped without Debian's package `prometheus-alertmanager`)", () => {
  test('accepts which alerts mute which, as a part of its configuration', () => {
    const rules = everySignal().map((rule) => ({ ...rule, inhibitedBy: ['HighErrorRatio'] }));
    const made = prometheusRules({ rules, objectives: everyObjective, business: someBusiness });
    const inhibit = inhibitions(made);
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-amtool-'));
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(config, `route: { receiver: none }\nreceivers: [{ name: none }]\n${fileText(inhibit, 'mutes')}`);
    const { status, stdout } = spawnSync('amtool', ['check-config', config], { encoding: 'utf8' });
    rmSync(folder, { recursive: true, force: true });
    expect(stdout).toContain(`${inhibit.inhibit_rules.length} inhibit rules`);
    expect(inhibit.inhibit_rules.length).toBeGreaterThan(40);
    expect(status).toBe(0);
  });
});
