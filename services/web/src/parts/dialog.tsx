import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { overrideText } from '../text/override.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed before it leaves the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const { current } = box;
    if (current?.open === false) current.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={heading} onCancel={onClose} className="dialog">
      <div className="section-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" onClick={onClose}>
          {overrideText.close}
        </button>
      </div>
      {children}
    </dialog>
  );
}
