// The keys of the shell, by the character and not by its place: « / » and « ? » take Shift on a French keyboard. They work from the first moment
// on: a palette asked for before the page stands opens when it does, with what was typed meanwhile.
(() => {
  const fields = 'input, textarea, select, [contenteditable]:not([contenteditable=false])';
  const patience = 1500;
  const still = ['Shift', 'CapsLock', 'Control', 'Alt', 'AltGraph', 'Meta'];

  const palette = () => document.querySelector('dialog.palette');
  const isIn = (element, selector) => element instanceof Element && element.closest(selector) !== null;
  const isTyped = event => (!event.ctrlKey && !event.altKey && !event.metaKey) || (event.getModifierState?.('AltGraph') && !event.metaKey);
  // Neither a field nor a dialog has the keyboard.
  const isFree = event => isTyped(event) && !event.isComposing
    && ![event.target, document.activeElement].some(element => isIn(element, `${fields}, [role=dialog]`))
    && !document.querySelector('dialog[open]');
  const swallow = event => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  // What was typed for a palette that is not there yet; null when it was not asked for.
  let early = null;
  // The first key of two, and when.
  let first = null;
  // When a form was asked for: until it opens, letters are meant for it and start nothing.
  let askedAt = -Infinity;

  const open = () => {
    const dialog = palette();
    if (!dialog) {
      early ??= '';
      arrival.observe(document.body, { childList: true, subtree: true });
    } else if (!dialog.open) {
      dialog.showModal();
      dialog.querySelector('input').focus();
      dialog.dispatchEvent(new Event('medcrm:opened'));
    }
  };

  const arrival = new MutationObserver(() => {
    const dialog = palette();
    if (dialog) {
      arrival.disconnect();
      if (early !== null) {
        dialog.querySelector('input').value = early;
        early = null;
        open();
      }
    }
  });

  const start = (keys, event) => {
    const row = document.querySelector(`#shortcuts [data-keys="${CSS.escape(keys)}"]`);
    if (row) {
      swallow(event);
      askedAt = row.matches('button') ? event.timeStamp : askedAt;
      row.click();
    }
  };

  // Before the page hears of it.
  window.addEventListener('keydown', event => {
    // A browser that fills a field says so with a key that has no name.
    const key = event.key?.toLowerCase();
    if (!key) {
      return;
    }
    if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      swallow(event);
      open();
    } else if (early !== null && isFree(event)) {
      if (key === 'escape') {
        early = null;
      } else if (key === 'backspace') {
        early = early.slice(0, -1);
      } else if (key.length === 1) {
        early += event.key;
        swallow(event);
      }
    } else if (key === 'enter' && isIn(event.target, 'dialog.palette:not([data-ready])')) {
      palette().dataset.entered = '';
    } else if (first && !still.includes(event.key)) {
      const { keys, at } = first;
      first = null;
      if (event.timeStamp - at < patience && !event.repeat && isFree(event)) {
        start(`${keys} ${key}`, event);
      }
    } else if (event.timeStamp - askedAt < patience && key.length === 1 && isFree(event)) {
      swallow(event);
    }
  }, { capture: true });

  // After it: a page that uses a key itself has said so.
  window.addEventListener('keydown', event => {
    if (!event.key || event.defaultPrevented || event.repeat || !isFree(event)) {
      return;
    }
    const key = event.key.toLowerCase();
    if (event.key === '/') {
      event.preventDefault();
      open();
    } else if (event.key === '?') {
      event.preventDefault();
      showSheet();
    } else if (key === 'g' || key === 'n') {
      first = { keys: key, at: event.timeStamp };
    }
  });

  document.addEventListener('click', event => {
    if (isIn(event.target, '[data-opens-palette]')) {
      open();
    } else if (isIn(event.target, '[data-opens-shortcuts]')) {
      showSheet();
    } else if (isIn(event.target, 'dialog.palette [data-close]')) {
      palette().close();
    } else if (isIn(event.target, '#shortcuts [data-keys]')) {
      document.getElementById('shortcuts').close();
    }
  });

  // The parts that are about what stands on this page alone.
  const showSheet = () => {
    const sheet = document.getElementById('shortcuts');
    if (sheet && !sheet.open) {
      for (const part of sheet.querySelectorAll('[data-when], [data-unless]')) {
        part.hidden = part.dataset.when ? !document.querySelector(part.dataset.when) : document.querySelector(part.dataset.unless) !== null;
      }
      sheet.showModal();
    }
  };
})();
