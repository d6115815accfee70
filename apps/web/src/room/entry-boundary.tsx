import { Component, type ReactNode } from 'react';
import { Typed } from '../markdown/markdown';
import type { Said } from './lines';

interface EntryBoundaryProps {
  line: Said;
  children: ReactNode;
}

interface EntryBoundaryState {
  line?: Said;
  failed: boolean;
}

/** One entry that cannot be shown never takes the room with it: what was said in it is shown as it was typed. */
export class EntryBoundary extends Component<EntryBoundaryProps, EntryBoundaryState> {
  override state: EntryBoundaryState = { failed: false };

  static getDerivedStateFromError(): Partial<EntryBoundaryState> {
    return { failed: true };
  }

  /** What it became may be shown again. */
  static getDerivedStateFromProps(
    { line }: EntryBoundaryProps,
    state: EntryBoundaryState,
  ): EntryBoundaryState | null {
    return line === state.line ? null : { line, failed: false };
  }

  override render(): ReactNode {
    const { line, children } = this.props;
    if (!this.state.failed) return children;
    return 'text' in line && line.text !== undefined && <Typed text={line.text} />;
  }
}
