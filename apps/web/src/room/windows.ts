import { later } from '../ui/later';

export const Invite = later(() => import('./invite').then(({ Invite }) => Invite));
export const EditRoom = later(() => import('./edit-room').then(({ EditRoom }) => EditRoom));
export const LeaveRoom = later(() => import('./leave-room').then(({ LeaveRoom }) => LeaveRoom));
export const Sure = later(() => import('../ui/sure').then(({ Sure }) => Sure));
export const MessageMenu = later(() => import('./message-menu').then(({ MessageMenu }) => MessageMenu));
