// Two things are kept: the values the server knows (asked for when the person pauses), and what fields hold that the server has not
// answered for: the text of one that was not left yet, anything changed while the link is down. The second needs no server at all.
const prefix = 'medcrm-draft:';
const longest = 14 * 24 * 3600 * 1000;
const kept = new WeakMap();

const read = key => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

const text = element => element.matches?.('input:not([type=checkbox], [type=radio], [type=password], [type=file], [type=hidden]), textarea');

const choice = element => element.matches?.('select, input[type=checkbox]');

const hold = field => field.type === 'checkbox' ? field.checked : field.value;

const hour = at => {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString('fr-FR', { hour: '2-digit', minute: '2-digit' });
  return moment.toDateString() === new Date().toDateString() ? time : `${moment.toLocaleDateString('fr-FR', { day: 'numeric', month: 'short' })} ${time}`;
};

const forgetOld = () => {
  for (const key of Object.keys(localStorage).filter(name => name.startsWith(prefix))) {
    if (!((read(key)?.at ?? 0) > Date.now() - longest)) {
      localStorage.removeItem(key);
    }
  }
};

const withoutOlder = found => found ? { at: found.at, values: found.values, raw: found.raw } : undefined;

// What an earlier visit left stays until the person has answered, whatever is typed meanwhile.
const putBack = draft => draft.found ? localStorage.setItem(draft.key, JSON.stringify(draft.found)) : localStorage.removeItem(draft.key);

const told = (found, cameBack) => found ? { when: hour(found.at), values: found.values, cameBack } : null;

export function watch(anchor, name, component, saved) {
  const form = anchor.closest('form');
  const controller = new AbortController();
  const options = { signal: controller.signal };
  forgetOld();
  const key = prefix + name;
  const found = read(key);
  const draft = { key, form, controller, found, values: null, raw: {}, timer: 0, note: anchor.querySelector('[data-draft-note]') };
  kept.set(anchor, draft);

  const store = () => {
    if (draft.values === null && Object.keys(draft.raw).length === 0) {
      putBack(draft);
      draft.note.textContent = '';
      return;
    }
    const at = Date.now();
    try {
      localStorage.setItem(key, JSON.stringify({ at, values: draft.values, raw: draft.raw, older: withoutOlder(draft.found) }));
      draft.note.textContent = `${saved} ${hour(at)}`;
    } catch {
      draft.note.textContent = '';
    }
  };

  draft.store = store;

  const ask = async () => {
    try {
      draft.values = await component.invokeMethodAsync('Changes');
    } catch {
      // The connection is down: the text of the fields is kept all the same.
      return;
    }
    if (controller.signal.aborted) {
      return;
    }
    for (const id of Object.keys(draft.raw)) {
      const field = form.querySelector(`[data-testid="${id}"]`);
      if ((field !== document.activeElement || choice(field)) && field?.getAttribute('aria-invalid') !== 'true') {
        delete draft.raw[id];
      }
    }
    store();
  };

  const soon = () => {
    clearTimeout(draft.timer);
    draft.timer = setTimeout(ask, 600);
  };

  const keep = field => {
    if (field.dataset.testid) {
      draft.raw[field.dataset.testid] = hold(field);
      store();
    }
  };

  let touched = false;
  const touch = () => {
    if (!touched) {
      touched = true;
      component.invokeMethodAsync('Touch').catch(() => touched = false);
    }
  };
  form.addEventListener('pointerdown', touch, { ...options, capture: true });
  form.addEventListener('keydown', touch, { ...options, capture: true });
  form.addEventListener('input', touch, { ...options, capture: true });
  form.addEventListener('input', event => {
    if (text(event.target)) {
      keep(event.target);
    }
    soon();
  }, options);
  form.addEventListener('change', event => {
    if (choice(event.target)) {
      keep(event.target);
    }
    soon();
  }, options);
  form.addEventListener('focusout', soon, options);
  form.addEventListener('click', soon, options);
  form.closest('dialog')?.addEventListener('click', event => {
    if (event.target.closest('[data-abandon]')) {
      forget(draft);
    }
  }, { ...options, capture: true });

  // After a lost connection the person never left the form: what they typed comes back by itself.
  // What was given to the form before this script stood is asked for too.
  soon();
  form.dataset.ready = '';
  const cameBack = document.documentElement.dataset.cameBack !== undefined;
  delete document.documentElement.dataset.cameBack;
  return told(found, cameBack);
}

// The server has put its values back: now the text it never heard of.
export function resume(anchor) {
  const draft = kept.get(anchor);
  const raw = draft?.found?.raw ?? {};
  if (draft) {
    draft.found = null;
  }
  requestAnimationFrame(() => {
    for (const [id, value] of Object.entries(raw)) {
      const field = draft.form.querySelector(`[data-testid="${id}"]`);
      if (field && hold(field) !== value) {
        field[field.type === 'checkbox' ? 'checked' : 'value'] = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }
    draft.form.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

// Answers the draft before that one, if it was never answered either.
export function clear(anchor) {
  const draft = kept.get(anchor);
  if (draft) {
    draft.found = draft.found?.older;
    draft.store();
  }
  return told(draft?.found, false);
}

export function leave(anchor, forgets) {
  const draft = kept.get(anchor);
  if (draft) {
    clearTimeout(draft.timer);
    draft.controller.abort();
    if (forgets) {
      localStorage.removeItem(draft.key);
    }
    kept.delete(anchor);
  }
}

function forget(draft) {
  clearTimeout(draft.timer);
  draft.controller.abort();
  localStorage.removeItem(draft.key);
}
