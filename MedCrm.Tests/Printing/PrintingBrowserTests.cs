using System.Net;
using System.Net.Sockets;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;
using MedCrm.Tests.Support;
using MedCrm.Web.Printing;

namespace MedCrm.Tests.Printing;

/// <summary>The browser that prints: shut off from everything, two at a time, ended when it hangs.</summary>
public sealed class PrintingBrowserTests
{
    [PdfFact]
    public async Task Whatever_is_typed_in_a_quote_reaches_nothing_and_reads_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var hits = 0;
        var counting = CountAsync();
        var secret = Path.Combine(Path.GetTempPath(), $"medcrm-canary-{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(secret, "CANARI-DU-DISQUE");
        var at = $"http://127.0.0.1:{port}";
        var canary = $"</style></title></p><img src={at}/a><iframe src={at}/b></iframe><iframe src=file://{secret}></iframe><script>fetch('{at}/c');document.write('CANARI-SCRIPT')</script><link rel=stylesheet href={at}/d><style>*{{background:url({at}/e)}}</style>";
        await using var world = await Paper.WorldAsync();
        await world.CompanyAsync(("TradeName", canary), ("Footer", $"\"; }} @import url({at}/f); {canary}"), ("LegalName", canary), ("Accent", $"red;}}*{{background:url({at}/g)}}"), ("Email", canary));
        var contact = await world.ContactAsync(lastName: "<img src=" + at + "/h>");
        var quote = await world.QuoteAsync(details => details with
        {
            Title = canary[..190],
            ContactId = contact.Id,
            Introduction = canary,
            Terms = canary,
            Lines = [new() { Description = canary, Code = "<b onclick=1>", Unit = "<i>", UnitPrice = 1 }, new() { Kind = LineKind.Section, Description = canary }, new() { Description = "x", UnitPrice = 1, VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = canary[..190] }],
        });

        var text = await PdfText.OfAsync(await world.PrintAsync(PrintedKind.Quote, quote.Id, "canary"));

        File.Delete(secret);
        listener.Stop();
        await counting;
        Assert.Equal(0, hits);
        Assert.DoesNotContain("CANARI-DU-DISQUE", text, StringComparison.Ordinal);
        Assert.Contains("document.write('CANARI-SCRIPT')", text, StringComparison.Ordinal);
        Assert.Contains("Bon pour accord", text, StringComparison.Ordinal);

        async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var visitor = await listener.AcceptTcpClientAsync();
                    hits++;
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }

    [PdfFact]
    public async Task A_page_that_would_load_is_kept_from_the_network_and_the_disk_all_the_same()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var world = await Paper.WorldAsync();
        var at = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        await world.Get<PrintingBrowser>().PrintAsync($"<html><body>Bonjour<img src='{at}/a'><script>fetch('{at}/b')</script></body></html>", default);

        Assert.False(listener.Pending());
    }

    [PdfFact]
    public async Task Twenty_prints_leave_nothing_behind()
    {
        await using var world = await Paper.WorldAsync();
        var browser = world.Get<PrintingBrowser>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => browser.PrintAsync("<html><body>Bonjour</body></html>", default)));

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(world.Folder.Temporary, "print")));
        Assert.Equal(0, browser.Waiting);
    }

    [Fact]
    public async Task No_more_than_two_print_at_a_time()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var script = new Program("""echo $$ >> "$LOG"; n=$(ls "$DIR"/*.on 2>/dev/null | wc -l); touch "$DIR/$$.on"; sleep 0.4; ls "$DIR"/*.on | wc -l >> "$DIR/most"; rm "$DIR/$$.on"; for a in "$@"; do case $a in --print-to-pdf=*) printf '%%PDF-1.4' > "${a#--print-to-pdf=}";; esac; done""");
        await using var world = await Paper.WorldAsync(settings => settings with { Browser = script.Path });

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Get<PrintingBrowser>().PrintAsync("<p>x</p>", default)));

        var most = (await File.ReadAllLinesAsync(Path.Combine(script.Folder, "most"))).Select(int.Parse).Max();
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task A_browser_that_hangs_is_ended_and_tried_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var script = new Program("""echo $$ >> "$LOG"; sleep 600 & wait""");
        await using var world = await Paper.WorldAsync(settings => settings with { Browser = script.Path, Patience = TimeSpan.FromMilliseconds(400), Tries = 3 });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<PrintingBrowser>().PrintAsync("<p>x</p>", default));

        Assert.StartsWith("Le PDF n'a pas pu être fabriqué", refusal.Message, StringComparison.Ordinal);
        var processes = await File.ReadAllLinesAsync(script.Log);
        Assert.Equal(3, processes.Length);
        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(world.Folder.Temporary, "print")));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_the_queue()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var script = new Program("sleep 600");
        await using var world = await Paper.WorldAsync(settings => settings with { Browser = script.Path });
        var browser = world.Get<PrintingBrowser>();
        using var leaving = new CancellationTokenSource();
        var prints = Enumerable.Range(0, 4).Select(_ => browser.PrintAsync("<p>x</p>", leaving.Token)).ToList();
        Assert.Equal(4, browser.Waiting);

        await leaving.CancelAsync();

        foreach (var print in prints)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => print);
        }

        Assert.Equal(0, browser.Waiting);
    }

    [Fact]
    public async Task Without_a_browser_people_are_told_what_to_do()
    {
        await using var world = await Paper.WorldAsync(settings => settings with { Browser = "/nowhere/chromium" });
        var quote = await world.QuoteAsync();
        var printer = world.Get<IDocumentPrinter>();

        Assert.False(printer.IsAvailable);
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => printer.PrintAsync(PrintedKind.Quote, quote.Id));
        Assert.Contains("MedCrm:Browser", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A program in the place of the browser.</summary>
    private sealed class Program : IAsyncDisposable
    {
        public Program(string body)
        {
            Folder = Directory.CreateTempSubdirectory("medcrm-browser-").FullName;
            Path = System.IO.Path.Combine(Folder, "browser.sh");
            File.WriteAllText(Path, $"#!/bin/bash\nDIR='{Folder}'; LOG='{Log}'\n{body}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        public string Folder { get; }

        public string Path { get; }

        public string Log => System.IO.Path.Combine(Folder, "log");

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
