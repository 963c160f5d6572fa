// Before the first paint: the theme and density that the server remembers of this person, else what this browser last used.
// A choice acts at once wherever its button is drawn, stays for the next visit, and follows the person to other browsers.
(() => {
    const root = document.documentElement;
    for (const [name, usual] of [['theme', 'auto'], ['density', 'normal']]) {
        const kept = root.dataset[`${name}Kept`];
        if (kept) {
            localStorage.setItem(`medcrm-${name}`, kept);
        }
        root.dataset[name] = kept ?? localStorage.getItem(`medcrm-${name}`) ?? usual;
    }

    const keep = () => {
        const token = document.querySelector('input[name=__RequestVerificationToken]')?.value ?? '';
        const body = new URLSearchParams({ theme: root.dataset.theme, density: root.dataset.density, __RequestVerificationToken: token });
        // Offline or signed out, the choice still holds in this browser.
        fetch('account/appearance', { method: 'POST', body }).catch(() => {});
    };

    document.addEventListener('click', event => {
        const choice = event.target.closest('[data-theme-choice], [data-density-choice]');
        if (!choice) {
            return;
        }
        const [name, value] = choice.dataset.themeChoice ? ['theme', choice.dataset.themeChoice] : ['density', choice.dataset.densityChoice];
        root.dataset[name] = value;
        localStorage.setItem(`medcrm-${name}`, value);
        document.dispatchEvent(new Event('medcrm:appearance'));
        keep();
    });
})();
