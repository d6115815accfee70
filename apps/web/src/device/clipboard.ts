/** Where a text is put to be pasted elsewhere. There is none where the page came without TLS from another machine. */
export const clipboard = (): Clipboard | undefined => (navigator as { clipboard?: Clipboard }).clipboard;
