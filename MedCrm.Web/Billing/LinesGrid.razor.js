// The grid lives in the browser: moving between cells, dragging, suggestions. The server hears of a finished cell, a drop, a paste, a new line.
// What is typed in a cell the server has not taken yet is kept here, and put back after a lost connection.
const prefix = 'medcrm-lines:';
const longest = 14 * 24 * 3600 * 1000;
const watched = new WeakMap();

const read = key => {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && found.at > Date.now() - longest ? found.cells : [];
  } catch {
    return [];
  }
};

const rowOf = element => element.closest('tr[data-row]') ?? element.closest('tr[data-more]')?.previousElementSibling;
const keyOf = row => Number(row.dataset.row);
const frame = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));

// A form around the grid that marks itself has its own fields kept too.
export function watch(grid, component, name) {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const root = grid.closest('[data-keeps-typing]') ?? grid;
  const body = grid.querySelector('[data-testid=lines]');
  const list = grid.querySelector('[data-suggestions]');
  const state = { controller, root, key: prefix + name, typed: new Map(), timer: 0, asked: 0 };
  watched.set(grid, state);

  const rows = () => [...body.querySelectorAll('tr[data-row]')];
  const cellsOf = row => [...row.querySelectorAll('[data-cell]')];
  const isBlank = row => cellsOf(row).every(cell => cell.tagName === 'SELECT' || ['', '1', '0,00'].includes(cell.value));
  const focus = (row, field) => {
    const cell = (field && row?.querySelector(`[data-cell=${field}]`)) ?? row?.querySelector('[data-cell]');
    cell?.focus();
    cell?.select?.();
  };
  state.focusLine = async key => {
    for (let tries = 0; tries < 20; tries++) {
      const row = body.querySelector(`tr[data-row="${key}"]`);
      if (row) {
        focus(row);
        row.scrollIntoView({ block: 'nearest' });
        return;
      }
      await frame();
    }
  };
  const add = async from => {
    from?.blur();
    state.focusLine(await component.invokeMethodAsync('AddLine'));
  };

  // Kept until the server has saved it.
  const store = () => {
    const cells = [...state.typed.values()];
    if (cells.length === 0) {
      localStorage.removeItem(state.key);
      return;
    }
    try {
      localStorage.setItem(state.key, JSON.stringify({ at: Date.now(), cells }));
    } catch {
      // A full storage keeps nothing; the page goes on.
    }
  };
  state.store = store;
  const nameOf = field => {
    const row = field.closest('[data-testid=lines]') ? rowOf(field) : null;
    return row ? { row: keyOf(row), line: row.dataset.line ?? '', kind: row.dataset.kind, option: row.dataset.option, cell: field.dataset.cell } : { row: null, line: null, cell: field.dataset.testid };
  };
  const isText = field => field.matches?.('input:not([type=checkbox], [type=date]), textarea');

  root.addEventListener('focusin', event => {
    if (isText(event.target)) {
      event.target.dataset.before = event.target.value;
    }
  }, options);
  root.addEventListener('input', event => {
    if (!isText(event.target)) {
      return;
    }
    const name = nameOf(event.target);
    if (name.cell) {
      state.typed.set(`${name.row}|${name.cell}`, { ...name, before: event.target.dataset.before ?? '', value: event.target.value });
      store();
    }
    if (event.target.dataset.cell === 'Description' && rowOf(event.target)?.dataset.kind === 'Item') {
      suggestSoon(event.target);
    }
  }, options);

  // Suggestions of the catalogue under a description.
  const hide = () => {
    clearTimeout(state.timer);
    state.asked++;
    list.hidden = true;
    list.replaceChildren();
  };
  const choose = async option => {
    const cell = state.suggesting;
    const row = rowOf(cell);
    hide();
    state.typed.delete(`${keyOf(row)}|Description`);
    store();
    // The text that called the item is no description of its own.
    cell.value = cell.dataset.before ?? '';
    await component.invokeMethodAsync('ChooseAsync', keyOf(row), option.dataset.id);
    focus(row, 'Quantity');
  };
  const suggestSoon = cell => {
    clearTimeout(state.timer);
    const text = cell.value.trim();
    if (text.length < 2 || text.includes('\n')) {
      hide();
      return;
    }
    state.timer = setTimeout(async () => {
      const asked = ++state.asked;
      const items = await component.invokeMethodAsync('SuggestAsync', text).catch(() => []);
      if (asked !== state.asked || document.activeElement !== cell) {
        return;
      }
      state.suggesting = cell;
      list.replaceChildren(...items.map(item => {
        const option = document.createElement('div');
        option.setAttribute('role', 'option');
        option.dataset.id = item.id;
        option.dataset.testid = 'option';
        const title = document.createElement('span');
        title.textContent = item.text;
        const note = document.createElement('small');
        note.textContent = item.note ?? '';
        option.append(title, note);
        return option;
      }));
      const place = cell.getBoundingClientRect();
      const under = grid.getBoundingClientRect();
      list.style.left = `${place.left - under.left}px`;
      list.style.top = `${place.bottom - under.top + 2}px`;
      list.hidden = items.length === 0;
    }, 180);
  };
  list.addEventListener('pointerdown', event => event.preventDefault(), options);
  list.addEventListener('click', event => {
    const option = event.target.closest('[role=option]');
    if (option) {
      choose(option);
    }
  }, options);
  root.addEventListener('focusout', event => {
    if (event.target === state.suggesting) {
      hide();
    }
  }, options);

  const step = by => {
    const all = [...list.children];
    const at = all.findIndex(option => option.getAttribute('aria-selected') === 'true');
    all[at]?.removeAttribute('aria-selected');
    const next = all[(at + by + all.length) % all.length];
    next?.setAttribute('aria-selected', 'true');
    next?.scrollIntoView({ block: 'nearest' });
  };

  body.addEventListener('keydown', async event => {
    const cell = event.target.closest('[data-cell]');
    const row = cell && rowOf(cell);
    if (!row || event.isComposing) {
      return;
    }
    const all = rows();
    const at = all.indexOf(row);
    const arrow = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;

    if (!list.hidden && !event.altKey) {
      if (arrow) {
        event.preventDefault();
        step(arrow);
        return;
      }
      const picked = list.querySelector('[aria-selected=true]');
      if (event.key === 'Enter' && picked) {
        event.preventDefault();
        choose(picked);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        hide();
        return;
      }
    }

    if (event.altKey && arrow) {
      event.preventDefault();
      const field = cell.dataset.cell;
      cell.blur();
      await component.invokeMethodAsync('MoveLineAsync', keyOf(row), arrow);
      await frame();
      focus(row, field);
    } else if (event.ctrlKey && event.key === 'Delete') {
      event.preventDefault();
      const next = all[at + 1] ?? all[at - 1];
      cell.blur();
      await component.invokeMethodAsync('RemoveLineAsync', keyOf(row));
      await frame();
      focus(next?.isConnected ? next : rows()[0]);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && cell.tagName !== 'SELECT') {
      event.preventDefault();
      if (at === all.length - 1) {
        if (!isBlank(row)) {
          await add(cell);
        }
      } else {
        focus(all[at + 1], cell.dataset.cell);
      }
    } else if (event.key === 'Tab' && !event.shiftKey && at === all.length - 1 && cell === cellsOf(row).at(-1) && !isBlank(row)) {
      // From a blank last line Tab leaves the grid.
      event.preventDefault();
      await add(cell);
    } else if (arrow && !event.shiftKey && !event.ctrlKey && !event.metaKey && cell.tagName !== 'SELECT') {
      const edge = arrow < 0 ? !cell.value.slice(0, cell.selectionStart).includes('\n') : !cell.value.slice(cell.selectionEnd).includes('\n');
      if (edge && all[at + arrow]) {
        event.preventDefault();
        focus(all[at + arrow], cell.dataset.cell);
      }
    }
  }, options);

  body.addEventListener('paste', async event => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const cell = event.target.closest('[data-cell]');
    if (!cell || !text.includes('\t')) {
      return;
    }
    event.preventDefault();
    const row = rowOf(cell);
    state.focusLine(await component.invokeMethodAsync('PasteAsync', keyOf(row), text));
  }, options);

  // A drag follows the pointer here; the server hears of the drop.
  body.addEventListener('pointerdown', event => {
    const grip = event.target.closest('[data-grip]');
    const row = grip && rowOf(grip);
    if (!row || event.button !== 0) {
      return;
    }
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    row.classList.add('dragged');
    let before = null;
    let marked = null;
    const mark = (target, place) => {
      marked?.classList.remove('drop-above', 'drop-below');
      marked = target;
      marked?.classList.add(place);
    };
    const move = moved => {
      const all = rows();
      const under = all.find(other => moved.clientY < other.getBoundingClientRect().top + other.offsetHeight / 2);
      before = under ?? null;
      mark(under ?? all.at(-1), under ? 'drop-above' : 'drop-below');
    };
    const end = dropped => {
      grip.removeEventListener('pointermove', move);
      grip.removeEventListener('pointerup', end);
      grip.removeEventListener('pointercancel', end);
      document.removeEventListener('keydown', escape, true);
      row.classList.remove('dragged');
      const isMoved = marked !== null;
      mark(null);
      if (dropped.type === 'pointerup' && isMoved) {
        component.invokeMethodAsync('DropLineAsync', keyOf(row), before ? keyOf(before) : null);
      }
    };
    const escape = pressed => {
      if (pressed.key === 'Escape') {
        pressed.stopPropagation();
        end(pressed);
      }
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', end);
    grip.addEventListener('pointercancel', end);
    document.addEventListener('keydown', escape, true);
  }, options);

  putBack(root, body, component, read(state.key));
  root.dataset.ready = grid.dataset.ready = '';
}

// A cell takes its text back when it still holds what it held when the text was typed; what stood in no stored line comes as new lines.
async function putBack(root, body, component, cells) {
  const lines = new Map();
  for (const { row, line, kind, option, cell, before, value } of cells) {
    const scope = row === null ? root : line ? body.querySelector(`tr[data-line="${line}"]`) : null;
    const field = scope?.querySelector(row === null ? `[data-testid="${cell}"]` : `[data-cell="${cell}"]`);
    if (field) {
      if (field.value === before && before !== value) {
        field.value = value;
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
    } else if (row !== null && !line && value.trim()) {
      lines.set(row, { ...lines.get(row), Kind: kind ?? 'Item', ...(option && { IsOption: option }), [cell]: value });
    }
  }
  if (lines.size > 0) {
    await component.invokeMethodAsync('RestoreAsync', [...lines.values()]);
  }
}

export function focusLine(grid, key) {
  watched.get(grid)?.focusLine(key);
}

// Leaving a cell tells the server what stands in it, before the answer to this call.
export function leaveCell(grid) {
  const active = document.activeElement;
  if (watched.get(grid)?.root.contains(active)) {
    active.blur();
  }
}

export async function focusRefused(grid) {
  await frame();
  const refused = watched.get(grid)?.root.querySelector('[aria-invalid=true]');
  refused?.focus();
  refused?.scrollIntoView({ block: 'center' });
}

// The server holds everything that was left; a cell still being typed stays kept.
export function saved(grid) {
  const state = watched.get(grid);
  if (!state) {
    return;
  }
  const active = document.activeElement;
  const row = active?.closest?.('tr[data-row]');
  for (const [key, typed] of state.typed) {
    const isTyped = state.root.contains(active) && (typed.row === null ? active.dataset.testid === typed.cell : active.dataset.cell === typed.cell && Number(row?.dataset.row) === typed.row) && active.value !== active.dataset.before;
    if (!isTyped) {
      state.typed.delete(key);
    }
  }
  state.store();
}

export function leave(grid) {
  const state = watched.get(grid);
  if (state) {
    clearTimeout(state.timer);
    state.controller.abort();
    watched.delete(grid);
  }
}
