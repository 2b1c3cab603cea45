import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Brand } from './api/types.ts';
import { useSession } from './auth/session.tsx';

const KEY = 'quixess.brand';

/** The brand the pages are about: of the address, else the last one, else the newest. */
export function useBrand(): Brand | undefined {
  const { brands } = useSession();
  const { brand } = useSearch({ strict: false }) as { brand?: string };
  const wanted = brand ?? localStorage.getItem(KEY);
  return brands.find(({ id }) => id === wanted) ?? brands[0];
}

export function usePickBrand(): (id: string) => void {
  const navigate = useNavigate();
  return (id) => {
    localStorage.setItem(KEY, id);
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
