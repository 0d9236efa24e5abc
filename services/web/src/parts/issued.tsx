import { useState } from 'react';
import { text } from '../text/en.ts';

/** A secret that is shown once: to be copied now. */
export function Issued({ label, value }: { readonly label: string; readonly value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="issued" role="status">
      <p>{label}</p>
      <code>{value}</code>
      <button
        type="button"
        onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
      >
        {copied ? text.copied : text.copy}
      </button>
    </div>
  );
}
