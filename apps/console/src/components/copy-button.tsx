import { copyText } from '@greenroom/pages';
import { useEffect, useState } from 'react';

import { Icon } from './icon.tsx';

const SHOWN_MS = 1_500;

/** Copies a text to the clipboard. `label` describes it, such as "Copy the session's id". */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    copyText(text)
      .then((isCopied) => setState(isCopied ? 'copied' : 'failed'))
      .catch(reportError);
  };
  return (
    <button type="button" className="copy" aria-label={label} title={label} data-state={state} onClick={copy}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span className="hidden" role="status">
        {state === 'copied' && 'Copied'}
        {state === 'failed' && 'Not copied. Select the text instead.'}
      </span>
    </button>
  );
}
