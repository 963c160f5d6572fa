export function watch(form) {
    form.addEventListener('keydown', event => {
        if (event.key === 'Enter' && event.ctrlKey) {
            event.preventDefault();
            // A field tells what it holds when it is left.
            document.activeElement?.blur();
            const next = event.shiftKey ? form.querySelector('[data-next]') : null;
            if (next) {
                next.click();
            } else {
                form.requestSubmit();
            }
        }
    });
}

export function showFirstError(form) {
    // A form that closed meanwhile has nothing to show.
    requestAnimationFrame(() => (form?.querySelector('[aria-invalid=true]') ?? form?.querySelector('.form-error'))?.focus({ preventScroll: false }));
}
