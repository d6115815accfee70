export { look, looks } from './look';
