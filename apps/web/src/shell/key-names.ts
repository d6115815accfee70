/** How the keys of the switcher are written on this system. */
export const SWITCHER_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';
