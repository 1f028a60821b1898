import { matrix } from './lines.js';

matrix(['20', '22', '24', '26']);
