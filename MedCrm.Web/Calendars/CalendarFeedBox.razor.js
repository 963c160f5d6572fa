// Without HTTPS browsers give no clipboard: the old command still copies what is selected.
export async function copy(input) {
    input.select();
    if (navigator.clipboard) {
        try {
            await navigator.clipboard.writeText(input.value);
            return true;
        } catch {
            // Refused: the selection is left to the old command.
        }
    }

    return document.execCommand('copy');
}
