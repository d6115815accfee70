import { later } from '../ui/later';

export const ReactWith = later(() => import('./react-with').then(({ ReactWith }) => ReactWith));
export const ChooseEmoji = later(() => import('./choose-emoji').then(({ ChooseEmoji }) => ChooseEmoji));
