// Marks the theme and the density in use among their buttons. What a click on them does stands in theme.js, which is there first.
const root = document.documentElement;
const changed = 'medcrm:appearance';

function mark(choices) {
    for (const item of choices.querySelectorAll('[data-theme-choice], [data-density-choice]')) {
        const state = item.getAttribute('role') === 'menuitemradio' ? 'aria-checked' : 'aria-pressed';
        item.setAttribute(state, item.dataset.themeChoice ? item.dataset.themeChoice === root.dataset.theme : item.dataset.densityChoice === root.dataset.density);
    }
}

export function watch(choices) {
    mark(choices);
    const refresh = () => choices.isConnected ? mark(choices) : document.removeEventListener(changed, refresh);
    document.addEventListener(changed, refresh);
}
