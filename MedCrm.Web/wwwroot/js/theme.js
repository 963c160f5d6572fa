// Before the first paint: the theme and density that the server remembers of this person, else what this browser last used.
(() => {
    const root = document.documentElement;
    for (const [name, usual] of [['theme', 'auto'], ['density', 'normal']]) {
        const kept = root.dataset[`${name}Kept`];
        if (kept) {
            localStorage.setItem(`medcrm-${name}`, kept);
        }
        root.dataset[name] = kept ?? localStorage.getItem(`medcrm-${name}`) ?? usual;
    }
})();
