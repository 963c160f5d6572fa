// Starts Blazor with our own reconnection: a quiet bar while the link is down, and a reload at the same address and scroll when the
// server no longer knows this page (restart, long sleep). Nothing ever stays grey and dead.
(() => {
  const texts = document.currentScript.dataset;
  const comebackKey = 'medcrm-comeback';
  const scrollers = ['.main', '.tablewrap', '.board'];
  let bar = null;

  // Shown as a popover: above an open dialog too.
  const show = (text, label, action) => {
    if (!bar?.isConnected) {
      bar = document.createElement('div');
      bar.className = 'reconnect components-reconnect-show';
      bar.setAttribute('role', 'status');
      bar.dataset.testid = 'reconnect';
      bar.popover = 'manual';
      document.body.append(bar);
      bar.showPopover();
    }
    const sentence = document.createElement('span');
    sentence.textContent = text;
    const parts = [sentence];
    if (label) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn small';
      button.textContent = label;
      button.addEventListener('click', action);
      parts.push(button);
    } else {
      const spinner = document.createElement('span');
      spinner.className = 'spinner';
      spinner.setAttribute('aria-hidden', 'true');
      parts.unshift(spinner);
    }
    bar.replaceChildren(...parts);
  };

  const hide = () => {
    bar?.remove();
    bar = null;
  };

  const reload = () => {
    // A page that asks before it is left asks for what its draft already holds.
    window.addEventListener('beforeunload', event => event.stopImmediatePropagation(), { capture: true });
    sessionStorage.setItem(comebackKey, JSON.stringify({
      at: Date.now(),
      address: location.href,
      tops: scrollers.map(selector => document.querySelector(selector)?.scrollTop ?? 0),
    }));
    location.reload();
  };

  const answers = async address => {
    try {
      return (await fetch(address, { cache: 'no-store', credentials: 'same-origin' })).ok;
    } catch {
      return false;
    }
  };

  // Cut short when the tab is looked at again or the network returns: sleeping tabs count seconds slowly.
  let wake = () => {};
  const wait = milliseconds => new Promise(done => {
    const timer = setTimeout(done, milliseconds);
    wake = () => {
      clearTimeout(timer);
      done();
    };
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake());
  window.addEventListener('online', () => wake());

  // What a field took while the link was down never left this browser, nor did what it took while nobody had noticed yet. Files are not
  // given twice: those are sent as they are read.
  const unnoticed = 45000;
  const taken = new Map();
  let lostAt = 0;
  document.addEventListener('change', event => {
    const now = Date.now();
    for (const [field, at] of taken) {
      if (at < (lostAt || now) - unnoticed) {
        taken.delete(field);
      }
    }
    if (event.target.type !== 'file') {
      taken.set(event.target, now);
    }
  }, { capture: true });

  const giveAgain = () => {
    const fields = [...taken.keys()].filter(field => field.isConnected);
    lostAt = 0;
    taken.clear();
    for (const field of fields) {
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
    // For fields that speak to the server in their own words.
    document.dispatchEvent(new Event('medcrm:linked'));
  };

  let reconnecting = false;

  const reconnect = async () => {
    if (reconnecting) {
      return;
    }
    reconnecting = true;
    lostAt = Date.now();
    for (let attempt = 0; reconnecting; attempt++) {
      if (attempt < 6) {
        show(texts.lost);
      } else {
        show(texts.down, texts.retry, () => wake());
      }
      if (await answers('healthz')) {
        let known = false;
        try {
          known = await Blazor.reconnect();
        } catch {
          await wait(500);
          continue;
        }
        if (!reconnecting) {
          return;
        }
        if (known) {
          resume();
          return;
        }
        // The server answers and does not know this page any more. It is asked for before it is left: a start may be half done.
        if (await answers(location.href)) {
          reload();
          return;
        }
      }
      await wait(Math.min(250 * 2 ** attempt, 4000));
    }
  };

  const resume = () => {
    if (reconnecting) {
      reconnecting = false;
      hide();
      giveAgain();
    }
  };

  const handler = {
    onConnectionDown: reconnect,
    onConnectionUp: resume,
  };

  const comeBack = () => {
    const kept = JSON.parse(sessionStorage.getItem(comebackKey) ?? 'null');
    sessionStorage.removeItem(comebackKey);
    if (kept?.address !== location.href) {
      return;
    }
    document.documentElement.dataset.cameBack = '';
    setTimeout(() => delete document.documentElement.dataset.cameBack, 60000);
    const left = new Map(scrollers.map((selector, index) => [selector, kept.tops[index]]).filter(([, top]) => top > 0));
    const until = Date.now() + 15000;
    const tick = () => {
      for (const [selector, top] of left) {
        const element = document.querySelector(selector);
        if (element) {
          element.scrollTop = top;
          if (Math.abs(element.scrollTop - top) <= 2) {
            left.delete(selector);
          }
        }
      }
      if (left.size > 0 && Date.now() < until) {
        requestAnimationFrame(tick);
      }
    };
    tick();
  };

  // The framework uncovers this element when a page broke for good: start it afresh, once; a second failure at once is left to the person.
  const broken = document.getElementById('blazor-error-ui');
  const lastComeback = JSON.parse(sessionStorage.getItem(comebackKey) ?? 'null')?.at ?? 0;
  new MutationObserver(() => {
    if (!broken.style.display || broken.style.display === 'none') {
      return;
    }
    broken.style.display = 'none';
    if (Date.now() - lastComeback > 15000) {
      reload();
    } else {
      show(texts.failed, texts.reload, reload);
    }
  }).observe(broken, { attributes: true, attributeFilter: ['style'] });

  // A page taken out of the browser's own memory carries a dead link.
  window.addEventListener('pageshow', event => event.persisted && reload());

  comeBack();
  Blazor.start({ circuit: { reconnectionHandler: handler } });
})();
