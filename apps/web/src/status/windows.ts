import { later } from '../ui/later';

export const StatusEditor = later(() => import('./status-editor').then(({ StatusEditor }) => StatusEditor));
