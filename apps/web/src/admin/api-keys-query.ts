import { queries } from '../app/queries';

export const API_KEYS_KEY = ['admin', 'api-keys'];

/** Shows what has become of the keys. They are asked for anew: the answer to a change has a secret, which is kept nowhere. */
export const apiKeysChanged = (): void => void queries.invalidateQueries({ queryKey: API_KEYS_KEY });
