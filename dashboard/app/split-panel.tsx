import SplitPanel from '@cloudscape-design/components/split-panel';
import { createContext, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { Loading } from './components/states.tsx';

type Host = {
  header: string | undefined;
  /** Where the page draws what is in the panel. */
  slot: HTMLElement | null;
  open: (header: string | undefined, onClose: () => void) => void;
  setSlot: (slot: HTMLElement | null) => void;
  close: () => void;
};
const HostContext = createContext<Host | null>(null);

/** The panel belongs to the frame, what is in it to the page: this brings them together. */
export function SplitPanelHost({ children }: { children: ReactNode }) {
  const [state, setState] = useState<{ header: string | undefined; onClose: () => void }>({
    header: undefined,
    onClose: () => {},
  });
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [open] = useState(() => (header: string | undefined, onClose: () => void) => setState({ header, onClose }));
  return (
    <HostContext value={{ header: state.header, slot, open, setSlot, close: state.onClose }}>{children}</HostContext>
  );
}

function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('There is no frame around this page');
  return host;
}

export function useSplitPanel() {
  const { header, setSlot, close } = useHost();
  const panel = (
    <SplitPanel header={header ?? ''} closeBehavior="hide" hidePreferencesButton>
      <div ref={setSlot} />
    </SplitPanel>
  );
  return { panel: header === undefined ? undefined : panel, isOpen: header !== undefined, close };
}

/** Shows its children beside the page, or below it. */
export function InSplitPanel({
  header,
  onClose,
  children,
}: {
  header: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { slot, open } = useHost();
  // biome-ignore lint/correctness/useExhaustiveDependencies: closing is the same act however often the page draws itself
  useEffect(() => {
    open(header, onClose);
    return () => open(undefined, () => {});
  }, [header, open]);
  return slot && createPortal(<Suspense fallback={<Loading />}>{children}</Suspense>, slot);
}
