// Files go to the server from here, one after the other, each with its own bar; the component hears of them once they are all through.
// A queue belongs to the record, not to the element: files go on while another tab of the page is looked at, and show again on return.
const queues = new Map();
const panels = new WeakMap();

window.addEventListener('beforeunload', event => {
    if ([...queues.values()].some(queue => queue.running)) {
        event.preventDefault();
    }
});

export function start(root, component, place, words) {
    stop(root);
    const key = JSON.stringify(place);
    const queue = queues.get(key) ?? { key, place, items: [], sent: [], gesture: null, running: false };
    queues.set(key, queue);
    Object.assign(queue, { root, component, words, list: root.querySelector('[data-uploads]') });
    const controller = new AbortController();
    panels.set(root, { controller, queue });
    const options = { signal: controller.signal };

    root.addEventListener('click', event => {
        const chooser = event.target.closest('[data-choose], [data-new-version]');
        if (!chooser) {
            return;
        }
        const input = root.querySelector(chooser.dataset.newVersion ? '[data-version]' : '[data-files]');
        input.dataset.document = chooser.dataset.newVersion ?? '';
        input.click();
    }, options);
    root.addEventListener('change', event => {
        if (event.target.matches('[data-files], [data-version]')) {
            const { files, dataset } = event.target;
            add(queue, [...files], dataset.document || null);
            event.target.value = '';
        }
    }, options);

    root.addEventListener('dragover', event => {
        if (carriesFiles(event) && !document.querySelector('dialog[open]')) {
            event.preventDefault();
            event.dataTransfer.dropEffect = 'copy';
            root.dataset.over = '';
        }
    }, options);
    root.addEventListener('dragleave', event => root.contains(event.relatedTarget) || delete root.dataset.over, options);
    root.addEventListener('drop', event => {
        if ('over' in root.dataset) {
            event.preventDefault();
            delete root.dataset.over;
            add(queue, dropped(event.dataTransfer));
        }
    }, options);
    // A file dropped beside the panel would take the browser away from the page.
    document.addEventListener('dragover', event => carriesFiles(event) && !event.defaultPrevented && refuse(event), options);
    document.addEventListener('drop', event => carriesFiles(event) && !event.defaultPrevented && refuse(event), options);

    document.addEventListener('paste', event => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length && !document.querySelector('dialog[open]') && !event.target.closest?.('input, textarea, select, [contenteditable]')) {
            event.preventDefault();
            add(queue, files.map(file => ({ file: named(file, words) })));
        }
    }, options);

    queue.list.replaceChildren(...queue.items.map(item => item.row));
    root.dataset.ready = '';
}

export function stop(root) {
    const panel = panels.get(root);
    panel?.controller.abort();
    if (panel?.queue.root === root) {
        Object.assign(panel.queue, { root: null, component: null, list: null });
        release(panel.queue);
    }
}

// What was left runs to its end, and what failed waits for the return; the rest is forgotten.
function release(queue) {
    if (!queue.root && !queue.running && !queue.items.length) {
        queues.delete(queue.key);
    }
}

function carriesFiles(event) {
    return event.dataTransfer?.types.includes('Files');
}

function refuse(event) {
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
}

function dropped(transfer) {
    const items = [...transfer.items].filter(item => item.kind === 'file');
    return items.map(item => ({ isFolder: item.webkitGetAsEntry?.()?.isDirectory, file: item.getAsFile() })).filter(item => item.file);
}

// A picture of the screen has no name of its own.
function named(file, words) {
    if (file.name && !/^image\.\w+$/.test(file.name)) {
        return file;
    }
    const now = new Date();
    const two = number => String(number).padStart(2, '0');
    const moment = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}h${two(now.getMinutes())}.${two(now.getSeconds())}`;
    return new File([file], `${words.pasted} ${moment}.${file.name.split('.').pop() || 'png'}`, { type: file.type });
}

function add(queue, files, version = null) {
    for (const given of files) {
        const { file, isFolder } = given instanceof File ? { file: given } : given;
        const item = { file, isFolder, version };
        draw(item);
        queue.items.push(item);
        queue.list.append(item.row);
        const refusal = refusalOf(queue.words, item);
        if (refusal) {
            fail(queue, item, refusal, false);
        } else {
            wait(queue, item);
        }
    }
    run(queue);
}

// What the server would refuse anyway need not travel.
function refusalOf(words, { file, isFolder }) {
    return isFolder ? words.folder : file.size === 0 ? words.empty : file.size > words.most ? words.tooLong : null;
}

function draw(item) {
    item.row = document.createElement('li');
    item.row.dataset.testid = 'upload-file';
    const name = document.createElement('span');
    name.className = 'truncate';
    name.textContent = name.title = item.file.name;
    item.bar = document.createElement('progress');
    item.bar.className = 'progress';
    item.bar.max = 1;
    item.bar.value = 0;
    item.bar.setAttribute('aria-label', item.file.name);
    item.said = document.createElement('span');
    item.said.className = 'upload-said';
    item.acts = document.createElement('span');
    item.acts.className = 'upload-acts';
    item.row.append(name, item.bar, item.acts, item.said);
}

function wait(queue, item) {
    item.state = 'waiting';
    item.bar.value = 0;
    tell(item, 'upload', queue.words.waits, 'status', [[queue.words.cancel, 'cancel', () => item.request ? item.request.abort() : leave(queue, item)]]);
}

function tell(item, className, text, role, acts) {
    item.row.className = className;
    item.said.textContent = text;
    item.said.setAttribute('role', role);
    item.acts.replaceChildren(...acts.map(([label, id, act]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'btn ghost small';
        button.textContent = label;
        button.dataset.testid = `upload-${id}`;
        button.addEventListener('click', act);
        return button;
    }));
}

function fail(queue, item, text, mayRetry = true) {
    const retry = [queue.words.retry, 'retry', () => {
        wait(queue, item);
        run(queue);
    }];
    item.state = 'failed';
    tell(item, 'upload failed', text, 'alert', [...(mayRetry ? [retry] : []), [queue.words.close, 'close', () => leave(queue, item)]]);
}

function leave(queue, item) {
    queue.items = queue.items.filter(other => other !== item);
    item.row.remove();
}

async function run(queue) {
    if (queue.running) {
        return;
    }
    queue.running = true;
    let item;
    while ((item = queue.items.find(candidate => candidate.state === 'waiting'))) {
        await send(queue, item);
    }
    queue.running = false;
    const { sent, component } = queue;
    [queue.sent, queue.gesture] = [[], null];
    release(queue);
    if (sent.length) {
        await component?.invokeMethodAsync('Tell', sent);
    }
}

async function send(queue, item) {
    const { words } = queue;
    item.state = 'sending';
    const answer = await post(queue, item);
    item.request = null;
    if (answer === null) {
        leave(queue, item);
    } else if (answer.error) {
        fail(queue, item, answer.error);
    } else if (answer.isThere) {
        item.state = 'there';
        tell(item, 'upload there', words.there.replace('{0}', answer.name).replace('{1}', answer.version), 'status', [
            [words.show, 'show', () => {
                leave(queue, item);
                queue.component?.invokeMethodAsync('ShowDocumentAsync', answer.id);
            }],
            [words.close, 'close', () => leave(queue, item)],
        ]);
    } else {
        leave(queue, item);
        queue.sent.push({ id: answer.id, sentence: answer.sentence, gesture: answer.gesture });
        queue.gesture = item.version ? queue.gesture : answer.gesture;
    }
}

// The answer, its error told; null when the person stopped it.
function post(queue, item) {
    const { words } = queue;
    const query = new URLSearchParams(item.version ? { document: item.version } : queue.place);
    if (!item.version && (queue.gesture || queue.items.filter(other => other.state === 'waiting').length > 0)) {
        query.set('several', 'true');
        if (queue.gesture) {
            query.set('gesture', queue.gesture);
        }
    }

    return new Promise(resolve => {
        const request = new XMLHttpRequest();
        item.request = request;
        request.open('POST', `documents/upload?${query}`);
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.setRequestHeader('RequestVerificationToken', document.querySelector('input[name=__RequestVerificationToken]')?.value ?? '');
        const name = item.file.name.slice(-300);
        request.setRequestHeader('X-File-Name', encodeURIComponent(name.toWellFormed ? name.toWellFormed() : name));
        request.responseType = 'text';
        request.upload.addEventListener('progress', event => {
            item.bar.value = event.total ? event.loaded / event.total : 0;
            item.said.textContent = event.loaded === event.total ? words.checks : `${Math.floor(item.bar.value * 100)} %`;
        });
        request.addEventListener('load', () => {
            try {
                resolve(JSON.parse(request.responseText));
            } catch {
                resolve({ error: request.responseURL.includes('/login') || request.status === 401 ? words.ended : request.status === 400 && request.responseText ? request.responseText : words.cut });
            }
        });
        request.addEventListener('error', () => resolve({ error: words.cut }));
        request.addEventListener('abort', () => resolve(null));
        request.send(item.file);
    });
}
