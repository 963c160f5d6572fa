// The browser's own modal: it keeps the focus inside and closes on Escape.
export function open(dialog) {
  if (dialog?.isConnected && !dialog.open) {
    dialog.showModal();
  }
}
