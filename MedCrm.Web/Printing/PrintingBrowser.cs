using System.Diagnostics;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Printing;

/// <summary>How documents are printed: with which browser, with how much patience.</summary>
public sealed record PrintingSettings
{
    /// <summary>MedCrm:Browser, the path of Chromium, Chrome or Edge; null looks in the usual places.</summary>
    public string? Browser { get; init; }

    /// <summary>MedCrm:BrowserSandbox: false where the system offers none, as some containers do. Root never has one.</summary>
    public bool Sandbox { get; init; } = true;

    /// <summary>How long one try may take before the browser is ended.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is tried.</summary>
    public int Tries { get; init; } = 3;
}

/// <summary>
/// The browser that prints, one fresh process a document, two at a time: others wait for their turn. It has a profile of its own that goes with it, no
/// network (every name and address is unknown to it) and no page but the one it is given.
/// </summary>
public sealed class PrintingBrowser(PrintingSettings settings, Core.Data.DataFolder folder, ILogger<PrintingBrowser> logger) : IDisposable
{
    private const int AtOnce = 2;

    private static readonly string[] s_usual = OperatingSystem.IsWindows()
        ?
        [
            @"%ProgramFiles%\Google\Chrome\Application\chrome.exe", @"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe", @"%LocalAppData%\Google\Chrome\Application\chrome.exe",
            @"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe", @"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
        ]
        : OperatingSystem.IsMacOS()
            ? ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"]
            : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/microsoft-edge", "/snap/bin/chromium"];

    private readonly SemaphoreSlim _turn = new(AtOnce, AtOnce);
    private int _waiting;
    private bool _wasThere = true;
    private bool _toldOfSandbox;

    /// <summary>How many prints wait or run.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The browser; null when none is installed. Told in the log once when it goes away.</summary>
    public string? Find()
    {
        var found = settings.Browser is { Length: > 0 } chosen
            ? File.Exists(chosen) ? chosen : null
            : s_usual.Select(Environment.ExpandEnvironmentVariables).FirstOrDefault(File.Exists);
        if (found is null && _wasThere)
        {
            logger.LogWarning("No browser to print with: install Chromium, or name one in MedCrm:Browser");
        }

        _wasThere = found is not null;
        return found;
    }

    /// <summary>Prints a page as PDF, after its turn has come.</summary>
    /// <exception cref="BusinessRuleException">No browser is installed, or each try failed.</exception>
    public async Task<byte[]> PrintAsync(string html, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                for (var attempt = 1; ; attempt++)
                {
                    var browser = Find() ?? throw new BusinessRuleException("Aucun navigateur n'est installé sur le serveur : les PDF ne peuvent pas être fabriqués. Un administrateur installe Chromium ou indique son chemin dans MedCrm:Browser.");
                    if (await TryAsync(browser, html, attempt, cancellationToken) is { } pdf)
                    {
                        return pdf;
                    }

                    if (attempt == settings.Tries)
                    {
                        throw new BusinessRuleException("Le PDF n'a pas pu être fabriqué : le navigateur du serveur n'a pas répondu. Réessayez dans un instant ; si cela dure, prévenez un administrateur.");
                    }
                }
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<byte[]?> TryAsync(string browser, string html, int attempt, CancellationToken cancellationToken)
    {
        var place = NewPlace();
        try
        {
            var (page, pdf) = (Path.Combine(place.FullName, "page.html"), Path.Combine(place.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, html, cancellationToken);
            using var process = Start(browser, place.FullName, page, pdf);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(settings.Patience);

                // What it says is read, so that it is never held up by a full pipe, and forgotten.
                var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
                await process.WaitForExitAsync(patience.Token);
                await said;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("Printing took more than {Seconds} s and was ended (try {Attempt})", settings.Patience.TotalSeconds, attempt);
                return null;
            }
            finally
            {
                await EndAsync(process);
            }

            if (process.ExitCode == 0 && File.Exists(pdf) && await File.ReadAllBytesAsync(pdf, cancellationToken) is [0x25, 0x50, 0x44, 0x46, ..] content)
            {
                return content;
            }

            logger.LogWarning("Printing ended with code {ExitCode} and no PDF (try {Attempt})", process.ExitCode, attempt);
            return null;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            logger.LogWarning(failure, "The browser could not be started (try {Attempt})", attempt);
            return null;
        }
        finally
        {
            Remove(place);
        }
    }

    private DirectoryInfo NewPlace()
    {
        var all = Directory.CreateDirectory(Path.Combine(folder.Temporary, "print"));
        foreach (var old in all.EnumerateDirectories().Where(left => left.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1)))
        {
            Remove(old);
        }

        return all.CreateSubdirectory(Guid.NewGuid().ToString("N"));
    }

    private Process Start(string browser, string place, string page, string pdf)
    {
        var isRoot = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;
        if ((isRoot || !settings.Sandbox) && !_toldOfSandbox)
        {
            _toldOfSandbox = true;
            logger.LogWarning("Documents are printed without the browser's sandbox: {Reason}", isRoot ? "the server runs as root" : "MedCrm:BrowserSandbox is false");
        }

        // Other people's clicks come first.
        var isNice = OperatingSystem.IsLinux() && File.Exists("/usr/bin/nice");
        var start = new ProcessStartInfo(isNice ? "/usr/bin/nice" : browser) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true, WorkingDirectory = place };
        string[] arguments =
        [
            .. isNice ? ["-n", "10", browser] : Array.Empty<string>(),
            "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--disable-default-apps", "--disable-breakpad", "--disable-dev-shm-usage", "--mute-audio",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
            $"--user-data-dir={Path.Combine(place, "profile")}", $"--crash-dumps-dir={place}",
            .. isRoot || !settings.Sandbox ? ["--no-sandbox"] : Array.Empty<string>(),
            "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await process.WaitForExitAsync(enough.Token);
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or OperationCanceledException)
        {
            // It ended meanwhile.
        }
    }

    // A process that is ending may still write its profile: what stays is removed with the next print.
    private void Remove(DirectoryInfo place)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            try
            {
                place.Delete(recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(40);
            }
        }

        logger.LogInformation("The folder {Folder} of a print is still in use", place.FullName);
    }
}
