using Microsoft.Playwright;

namespace MedCrm.Tests.Support;

/// <summary>What people do with the toast of any page.</summary>
public static class ToastGestures
{
    /// <summary>Reads the toast and keeps the pointer on it, so that it stays however long the machine takes.</summary>
    public static async Task ReadToastAsync(this IPage page, string sentence)
    {
        var toast = page.GetByTestId("toast").Filter(new() { HasText = sentence });
        await Assertions.Expect(toast).ToBeVisibleAsync();
        await toast.HoverAsync();
    }

    /// <summary>Takes back the gesture that the toast tells of, and no other.</summary>
    public static async Task UndoAsync(this IPage page, string sentence)
    {
        await page.ReadToastAsync(sentence);
        await page.GetByTestId("toast").Filter(new() { HasText = sentence }).GetByTestId("toast-undo").ClickAsync();
    }
}
