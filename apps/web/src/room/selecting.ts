import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

type Key = string | number;

interface Selecting {
  /** The keys of the lines at both ends of what is selected. A selection lives as long as they are in the page. */
  held: readonly string[];
  /** Selects the lines between two, both included. */
  select: (from: Key, to: Key) => void;
}

const rowOf = (node: Node | null): HTMLElement | null =>
  (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-key]') ?? null;

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

/** Knows where what is selected begins and ends in a list that keeps in the page what can be seen. */
export const useSelecting = (list: RefObject<HTMLElement | null>): Selecting => {
  const [held, setHeld] = useState<readonly string[]>([]);
  useEffect(() => {
    const look = (): void => {
      const selection = getSelection();
      const ends =
        selection && !selection.isCollapsed ? [selection.anchorNode, selection.focusNode].map(rowOf) : [];
      const keys = ends.flatMap((row) => (row && list.current?.contains(row) ? (row.dataset.key ?? []) : []));
      setHeld((before) => (same(before, keys) ? before : keys));
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [list]);

  const wish = useRef<readonly [string, string]>(undefined);
  useLayoutEffect(() => {
    const [first, last] =
      wish.current?.map((key) => list.current?.querySelector(`[data-key="${key}"]`)) ?? [];
    if (!first || !last) return;
    wish.current = undefined;
    getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
  });
  const select = useCallback((from: Key, to: Key) => {
    wish.current = [String(from), String(to)];
    // they are in the page with the next look
    setHeld([...wish.current]);
  }, []);
  return { held, select };
};

/** Whether nothing of what a line says lies on the side of a place that is selected. */
const isNothing = (row: HTMLElement, set: (range: Range, said: Node) => void): boolean => {
  const range = new Range();
  set(range, row.querySelector('[data-said]') ?? row);
  return range.toString().trim() === '';
};

/** The first and the last of the lines that are selected; undefined where that is not more than one. */
const selectedIn = (list: HTMLElement, count: number): readonly [number, number] | undefined => {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return undefined;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  const [first, last] = [startContainer, endContainer]
    .map(rowOf)
    .map((row) => (row && list.contains(row) ? row : undefined));
  if (!first && !last) return undefined;
  // what reaches beyond the list has all of it from there on; what only touches a line has nothing of it
  let from = first ? Number(first.dataset.index) : 0;
  let to = last ? Number(last.dataset.index) : count - 1;
  const afterStart = (range: Range, said: Node): void => {
    range.setEnd(said, said.childNodes.length);
    // where that is behind it, the end comes along, and nothing is left
    range.setStart(startContainer, startOffset);
  };
  const beforeEnd = (range: Range, said: Node): void => {
    range.setStart(said, 0);
    range.setEnd(endContainer, endOffset);
  };
  if (first && isNothing(first, afterStart)) from++;
  if (last && isNothing(last, beforeEnd)) to--;
  return from < to ? [from, to] : undefined;
};

/**
 * Copies what is selected across lines from what is known of them: what is between has long been let go by the list,
 * and half a message without who said it and when says little. What is selected within one line is the browser's.
 *
 * @param textOf what a line is as text; undefined for one that shows nothing.
 */
export const useCopying = (
  list: RefObject<HTMLElement | null>,
  count: number,
  textOf: (index: number) => string | undefined,
): void => {
  useEffect(() => {
    const copy = (event: ClipboardEvent): void => {
      const isField = event.target instanceof HTMLElement && event.target.matches('input, textarea');
      const selected = !isField && list.current ? selectedIn(list.current, count) : undefined;
      if (!selected || !event.clipboardData) return;
      const [from, to] = selected;
      const texts = Array.from({ length: to - from + 1 }, (_, i) => textOf(from + i));
      event.clipboardData.setData('text/plain', texts.filter((text) => text !== undefined).join('\n\n'));
      event.preventDefault();
    };
    document.addEventListener('copy', copy);
    return () => document.removeEventListener('copy', copy);
  }, [list, count, textOf]);
};
