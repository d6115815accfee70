/** What a drag brings, as far as a page may know before it is let go. */
export const bringsFiles = ({ types }: Pick<DataTransfer, 'types'>): boolean => types.includes('Files');

/** What is pasted as files: what has a text too, as cells of a table have, is pasted as that. */
export const pastedFiles = ({ types, files }: Pick<DataTransfer, 'types' | 'files'>): File[] =>
  types.includes('text/plain') ? [] : [...files];

/** What was let go; a folder is no file, whatever it says it is. */
export const droppedFiles = ({
  items,
}: Pick<DataTransfer, 'items'>): { files: File[]; hasFolders: boolean } => {
  const all = [...items].filter(({ kind }) => kind === 'file');
  const files = all.filter((item) => !item.webkitGetAsEntry()?.isDirectory);
  return {
    files: files.flatMap((item) => item.getAsFile() ?? []),
    hasFolders: files.length < all.length,
  };
};
