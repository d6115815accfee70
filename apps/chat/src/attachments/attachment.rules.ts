/** How many bytes of files there may be, and are. */
export interface Quota {
  readonly used: number;
  readonly most: number;
}

export type Verdict =
  | 'allowed'
  | { readonly code: 'file_too_large' | 'storage_full'; readonly left: number; readonly detail: string };

const leftOf = ({ used, most }: Quota): number => Math.max(0, most - used);

/** Bytes as people say them. */
export const inWords = (bytes: number): string => {
  if (bytes < 1_000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${units[power - 1]}`;
};

/**
 * Whether there is room for one more file. What is being uploaded counts in full.
 * @param largest how large a file may be
 * @param own of who uploads it
 * @param all of everybody; undefined: what the disk holds
 */
export const judgeUpload = (size: number, largest: number, own: Quota, all: Quota | undefined): Verdict => {
  if (size > largest)
    return { code: 'file_too_large', left: largest, detail: `A file may have ${inWords(largest)}` };
  if (size > leftOf(own))
    return {
      code: 'storage_full',
      left: leftOf(own),
      detail: `Of your ${inWords(own.most)} for files ${inWords(leftOf(own))} are left`,
    };
  if (all && size > leftOf(all))
    return {
      code: 'storage_full',
      left: leftOf(all),
      detail: `This server has ${inWords(leftOf(all))} left for files`,
    };
  return 'allowed';
};
