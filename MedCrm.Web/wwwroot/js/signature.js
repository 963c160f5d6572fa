// The page of a customer: a signature drawn with a finger or a mouse, and forms that are sent once. Without this script the page still reads and signs.
for (const form of document.querySelectorAll('form[data-once]')) {
    form.addEventListener('submit', event => {
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }

        form.dataset.sent = 'yes';
    });
}

// Coming back by the history shows the page as it was left: it can be sent again.
addEventListener('pageshow', () => document.querySelectorAll('form[data-once]').forEach(form => delete form.dataset.sent));

// The server works the totals out anew when an option is ticked; without script, or when it does not answer, a button asks for it.
const recount = document.querySelector('[data-recount]');
if (recount) {
    const form = recount.form;
    const options = [...form.querySelectorAll('[name=options]')];
    let asked = 0;
    const count = async () => {
        const mine = ++asked;
        const parts = [...document.querySelectorAll('[data-totals]')];
        const body = new URLSearchParams(new FormData(form));
        body.set('act', 'totals');
        body.delete('drawing');
        parts.forEach(part => part.setAttribute('aria-busy', 'true'));
        try {
            const answer = await fetch(form.action, { method: 'POST', body });
            const told = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelectorAll('[data-totals]');
            if (!answer.ok || told.length !== parts.length) {
                throw new Error(`Totals answered ${answer.status}`);
            }
            if (mine === asked) {
                parts.forEach((part, at) => part.replaceChildren(...told[at].childNodes));
                parts.forEach(part => part.removeAttribute('aria-busy'));
                recount.hidden = true;
            }
        } catch {
            recount.hidden &&= mine !== asked;
        }
    };
    recount.hidden = true;
    form.addEventListener('change', event => event.target.name === 'options' && count());

    // A browser that comes back to the page ticks the boxes again by itself.
    addEventListener('pageshow', () => options.some(option => option.checked !== option.defaultChecked) && count());
}

const canvas = document.querySelector('[data-signature]');
if (canvas) {
    const value = document.querySelector('[data-signature-value]');
    const clear = document.querySelector('[data-signature-clear]');
    const pen = canvas.getContext('2d');
    let last = null;
    canvas.hidden = clear.hidden = false;
    Object.assign(pen, { lineWidth: 2.4, lineCap: 'round', lineJoin: 'round', strokeStyle: '#16202b' });
    if (value.value.startsWith('data:image/png')) {
        const kept = new Image();
        kept.onload = () => pen.drawImage(kept, 0, 0);
        kept.src = value.value;
    }

    const at = event => {
        const box = canvas.getBoundingClientRect();
        return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    const draw = event => {
        const to = at(event);
        pen.beginPath();
        pen.moveTo(...last);
        pen.lineTo(...to);
        pen.stroke();
        last = to;
    };
    canvas.addEventListener('pointerdown', event => {
        canvas.setPointerCapture(event.pointerId);
        last = at(event);
        draw(event);
    });
    canvas.addEventListener('pointermove', event => last && draw(event));
    const end = () => {
        if (last) {
            last = null;
            value.value = canvas.toDataURL('image/png');
        }
    };
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
    clear.addEventListener('click', () => {
        pen.clearRect(0, 0, canvas.width, canvas.height);
        value.value = '';
    });
}

// What was refused may stand below what the screen shows; once loaded, when the browser has gone to the form.
addEventListener('load', () => setTimeout(() => {
    const refused = document.querySelector('[aria-invalid="true"]');
    refused?.focus({ preventScroll: true });
    refused?.scrollIntoView({ block: 'center' });
}));
