import { later } from '../ui/later';

export const RoomActions = later(() => import('./room-actions').then(({ RoomActions }) => RoomActions));
