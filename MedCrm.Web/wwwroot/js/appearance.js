// Theme and density act at once in this browser, stay for the next visit, and follow the person to other browsers.
const root = document.documentElement;
const changed = 'medcrm:appearance';

function mark(choices) {
    for (const item of choices.querySelectorAll('[data-theme-choice], [data-density-choice]')) {
        const state = item.getAttribute('role') === 'menuitemradio' ? 'aria-checked' : 'aria-pressed';
        item.setAttribute(state, item.dataset.themeChoice ? item.dataset.themeChoice === root.dataset.theme : item.dataset.densityChoice === root.dataset.density);
    }
}

function keep(choices) {
    const token = choices.querySelector('input[name=__RequestVerificationToken]')?.value ?? '';
    const body = new URLSearchParams({ theme: root.dataset.theme, density: root.dataset.density, __RequestVerificationToken: token });
    // Offline or signed out, the choice still holds in this browser.
    fetch('account/appearance', { method: 'POST', body }).catch(() => {});
}

export function watch(choices) {
    mark(choices);
    const refresh = () => choices.isConnected ? mark(choices) : document.removeEventListener(changed, refresh);
    document.addEventListener(changed, refresh);
    choices.addEventListener('click', event => {
        const item = event.target.closest('[data-theme-choice], [data-density-choice]');
        if (!item) {
            return;
        }
        if (item.dataset.themeChoice) {
            root.dataset.theme = item.dataset.themeChoice;
            localStorage.setItem('medcrm-theme', root.dataset.theme);
        } else {
            root.dataset.density = item.dataset.densityChoice;
            localStorage.setItem('medcrm-density', root.dataset.density);
        }
        document.dispatchEvent(new Event(changed));
        keep(choices);
    });
}
