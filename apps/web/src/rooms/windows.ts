import { later } from '../ui/later';

export const NewRoom = later(() => import('./new-room').then(({ NewRoom }) => NewRoom));
export const NewConversation = later(() =>
  import('./new-conversation').then(({ NewConversation }) => NewConversation),
);
