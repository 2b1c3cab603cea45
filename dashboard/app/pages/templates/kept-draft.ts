import { useEffect, useState } from 'react';
import { type Draft, emptyDraft } from './draft.ts';

const keyOf = (brandId: string): string => `quixess.template-draft.${brandId}`;

function kept(brandId: string): Draft | undefined {
  try {
    const found: Partial<Draft> | null = JSON.parse(localStorage.getItem(keyOf(brandId)) ?? 'null');
    // Of an older build it may lack a field.
    return found ? { ...emptyDraft('otp'), ...found } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What somebody began to write is there when they come back, in this browser, until it is submitted.
 * @param start where it does not begin with what was kept
 */
export function useKeptDraft(brandId: string, start: Draft | undefined, isKept: boolean) {
  const [found] = useState(() => (start ? undefined : kept(brandId)));
  const [draft, setDraft] = useState<Draft>(start ?? found ?? emptyDraft('otp'));
  const [isChanged, setChanged] = useState(false);
  useEffect(() => {
    if (isKept && isChanged) localStorage.setItem(keyOf(brandId), JSON.stringify(draft));
  }, [brandId, draft, isChanged, isKept]);
  const change = (part: Partial<Draft>) => {
    setChanged(true);
    setDraft({ ...draft, ...part });
  };
  const forget = () => {
    setChanged(false);
    if (isKept) localStorage.removeItem(keyOf(brandId));
    setDraft(emptyDraft('otp'));
  };
  return { draft, change, forget, isBack: found !== undefined && draft === found };
}
