import { matrix } from './lines.js';

matrix([process.versions.node.split('.')[0] ?? '']);
