import { later } from '../ui/later';

export const Viewer = later(() => import('./viewer').then(({ Viewer }) => Viewer));
