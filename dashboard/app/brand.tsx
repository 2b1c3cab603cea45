import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Brand } from './api/types.ts';
import { useSession } from './auth/session.tsx';

const KEY = 'quixess.brand';

// Asked once: what another tab picks later must not move a page away under whoever is writing on it.
let ofTab = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);

/** The brand the pages are about: of the address and no other, else the one this tab was about, else the newest. */
export function useBrand(): Brand | undefined {
  const { brands } = useSession();
  const { brand } = useSearch({ strict: false }) as { brand?: string };
  const found = brands.find(({ id }) => id === (brand ?? ofTab));
  return brand === undefined ? (found ?? brands[0]) : found;
}

/** Keeps the tab with the brand it shows: links and reloads stay there, and the next new tab begins there. */
export function useStayingWith(brand: Brand | undefined): void {
  const id = brand?.id;
  useEffect(() => {
    if (id === undefined) return;
    ofTab = id;
    sessionStorage.setItem(KEY, id);
    localStorage.setItem(KEY, id);
  }, [id]);
}

export function usePickBrand(): (id: string) => void {
  const navigate = useNavigate();
  return (id) => {
    // A filter, or an open event, was of the other brand.
    void navigate({ to: '.', search: (() => ({ brand: id })) as never });
  };
}

/** For pages that are about a brand: the shell shows them only where there is one. */
export function useBrandId(): string {
  const brand = useBrand();
  if (!brand) throw new Error('There is no brand');
  return brand.id;
}
