/**
 * `node --import fourlights/register app.js`, or an import of it anywhere: observes with the environment's settings,
 * no code needed.
 */
import { observe } from './observe.js';

observe();
