/**
 * A bridge to cls-hooked 4.2.2, for applications, and libraries such as Sequelize 6, that keep their own context in its
 * namespaces. Importing it creates no namespace and does not load cls-hooked.
 */
export { type Bridgeable, bridge } from './cls-bridge.js';
export { engine } from './cls-engine.js';
export type { ClsKeys } from './cls-keys.js';
export type { ClsModule } from './cls-module.js';
