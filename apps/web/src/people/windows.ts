import { later } from '../ui/later';

export const PersonCard = later(() => import('./person-card').then(({ PersonCard }) => PersonCard));
