import { later } from '../ui/later';

export const ReactWith = later(() => import('./react-with').then(({ ReactWith }) => ReactWith));
