import { beginOf } from './span.rules';

/** How many messages are looked through at once, first and then: what is said often is found among the newest. */
const SIZES = [8_000, 64_000, 512_000];

/**
 * Divides a time into windows, the newest first: a common word fills a page from the first, and what is rare costs
 * little in each.
 * @param spans how many messages there are in each of the shortest spans, the newest first
 */
export const windowsOf = (
  spans: readonly { readonly span: number; readonly messages: number }[],
  from: number,
  until: number,
): { from: number; until: number }[] => {
  const windows: { from: number; until: number }[] = [];
  let end = until;
  let gathered = 0;
  for (const { span, messages } of spans) {
    const size = SIZES[windows.length];
    const begin = beginOf(span);
    if (size === undefined || begin <= from) break;
    if (begin >= until) continue;
    gathered += messages;
    if (gathered < size) continue;
    windows.push({ from: begin, until: end });
    end = begin;
    gathered = 0;
  }
  return from < end ? [...windows, { from, until: end }] : windows;
};
