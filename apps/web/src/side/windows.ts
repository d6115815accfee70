import { later } from '../ui/later';

export const RoomActions = later(() => import('./room-actions').then(({ RoomActions }) => RoomActions));
export const Invitations = later(() => import('./invitations').then(({ Invitations }) => Invitations));
