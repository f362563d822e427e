import { createContext } from 'react';

/** What any screen may ask of the shell around it. */
export const ShellControls = createContext<{
  openPalette: () => void;
  openShortcuts: () => void;
  openNavigation: () => void;
}>({
  openPalette: () => {},
  openShortcuts: () => {},
  openNavigation: () => {},
});
