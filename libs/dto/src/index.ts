export * from './auth.dto';
export * from './cursor';
export * from './fields';
export * from './messages.dto';
export * from './presence.dto';
export * from './rooms.dto';
export { ReadAs } from './read-as';
export * from './users.dto';
export { validated } from './validated';
