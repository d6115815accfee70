/** Whether a window or a menu is open: keys mean what they mean there. */
export const isWindowOpen = (): boolean => document.querySelector('[role$=dialog], [role=menu]') !== null;
