/** What shows notifications; none where this browser has no such thing, or refuses even to say so. */
export const notifier = (): typeof Notification | undefined => {
  try {
    return window.Notification;
  } catch {
    return undefined;
  }
};

export const mayNotify = (): boolean => notifier()?.permission === 'granted';

/** Shows one; undefined where it cannot be: Chrome on Android has them, and refuses them to pages. */
export const notify = (title: string, options: NotificationOptions): Notification | undefined => {
  try {
    return mayNotify() ? new Notification(title, options) : undefined;
  } catch {
    return undefined;
  }
};
