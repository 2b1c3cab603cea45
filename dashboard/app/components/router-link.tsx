import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import Link, { type LinkProps } from '@cloudscape-design/components/link';
import { useRouter } from '@tanstack/react-router';

/** Follows a link of ours without loading the page anew. `to` is a path below `/app`, its query with it. */
export function useFollow() {
  const router = useRouter();
  return (to: string) => ({
    href: href(to),
    onFollow: (event: CustomEvent<{ external?: boolean }>) => {
      if (event.detail.external) return;
      event.preventDefault();
      router.history.push(href(to));
    },
  });
}

export const href = (to: string): string => `${import.meta.env.BASE_URL.replace(/\/$/, '')}${to}`;

export function RouterLink({ to, ...props }: LinkProps & { to: string }) {
  return <Link {...useFollow()(to)} {...props} />;
}

export function LinkButton({ to, ...props }: ButtonProps & { to: string }) {
  const { href: address, onFollow } = useFollow()(to);
  return <Button {...props} href={address} onFollow={(event) => onFollow(event as CustomEvent)} />;
}
