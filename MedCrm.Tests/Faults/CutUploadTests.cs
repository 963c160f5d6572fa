using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MedCrm.Core.Data;
using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MedCrm.Tests.Faults;

/// <summary>Uploads that end badly, on the real server and a real line.</summary>
[Collection(ProcessGroup.Name)]
public sealed class CutUploadTests
{
    private const int Megabyte = 1024 * 1024;
    private readonly DataFolder _folder = new(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));

    [Fact]
    public async Task Fifty_megabytes_cut_in_the_middle_leave_no_row_and_no_file_and_a_kill_leaves_nothing_after_the_next_start()
    {
        await using (var server = ProgramRun.Server("--demo", "--port", "0", "--data", _folder.Root))
        {
            var url = await UrlAsync(server);
            var visitor = await Visitor.SignInAsync(url);
            var (documents, files) = (Count("Documents"), Files(_folder.Files));

            using (var line = await visitor.BeginAsync(50 * Megabyte))
            {
                await Visitor.SendAsync(line, 25 * Megabyte);
                Assert.True(await BecomesAsync(() => Parts() is [var part] && new FileInfo(part).Length > 20 * Megabyte), "The upload never arrived.");
            }

            Assert.True(await BecomesAsync(() => Parts().Length == 0), $"Still there: {string.Join(", ", Parts())}");
            Assert.Equal((documents, files), (Count("Documents"), Files(_folder.Files)));

            // Two gigabytes announced: the answer comes before the file.
            using (var line = await visitor.BeginAsync(2L * 1024 * Megabyte))
            {
                Assert.Contains("50 Mo", await Visitor.AnswerAsync(line), StringComparison.Ordinal);
            }

            Assert.Empty(Parts());
            Assert.DoesNotContain(server.Lines, said => said.Contains("fail:", StringComparison.Ordinal));

            using var last = await visitor.BeginAsync(50 * Megabyte);
            await Visitor.SendAsync(last, 5 * Megabyte);
            Assert.True(await BecomesAsync(() => Parts().Length == 1), "The upload never arrived.");
            await server.KillAsync();
        }

        Assert.Single(Parts());
        await using var again = ProgramRun.Server("--port", "0", "--data", _folder.Root);
        await UrlAsync(again);
        Assert.Empty(Parts());
        await again.KillAsync();
        Directory.Delete(_folder.Root, recursive: true);
    }

    [Fact]
    public async Task A_kill_between_the_place_of_the_file_and_its_commit_leaves_a_stray_that_the_check_tells()
    {
        await using (var uploader = ProgramRun.Uploader(_folder.Root))
        {
            await uploader.LineAsync("prêt à valider");
            await uploader.KillAsync();
        }

        var stray = Assert.Single(Directory.GetFiles(_folder.Files, "*", SearchOption.AllDirectories));
        Assert.Equal(FileSample.Pdf(), await File.ReadAllBytesAsync(stray));
        await using var check = ProgramRun.Server("check", "--data", _folder.Root);
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"{Path.GetFileName(stray)} » n'appartient à aucune fiche", check.Text, StringComparison.Ordinal);
        Assert.Equal("faults=1", check.Lines[^1]);
        Assert.Equal(0, Count("Documents"));
        Directory.Delete(_folder.Root, recursive: true);
    }

    private static async Task<string> UrlAsync(ProgramRun server)
    {
        var line = await server.LineAsync("Now listening on");
        return line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();
    }

    private static async Task<bool> BecomesAsync(Func<bool> isSo)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (!isSo() && DateTime.UtcNow < end)
        {
            await Task.Delay(50);
        }

        return isSo();
    }

    private static int Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;

    private string[] Parts() => Directory.Exists(Path.Combine(_folder.Temporary, "documents")) ? Directory.GetFiles(Path.Combine(_folder.Temporary, "documents")) : [];

    private long Count(string table)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    // Claire of the demonstration, with the cookies and the token of her browser, who writes her requests by hand.
    private sealed class Visitor(Uri url, string cookies, string token, string institution)
    {
        public static async Task<Visitor> SignInAsync(string address)
        {
            var url = new Uri(address);
            var jar = new CookieContainer();
            using var client = new HttpClient(new HttpClientHandler { CookieContainer = jar }) { BaseAddress = url };
            var form = TestSite.HiddenOf(await client.GetStringAsync("/login"));
            (form["Form.Email"], form["Form.Password"]) = ("sales1@demo.test", RunningApp.Password);
            await client.PostAsync("/login", new FormUrlEncodedContent(form));
            var token = TestSite.HiddenOf(await client.GetStringAsync("/account/password"))["__RequestVerificationToken"];
            await using var workbook = await client.GetStreamAsync("/export/institutions.xlsx?cols=name");
            using var copy = new MemoryStream();
            await workbook.CopyToAsync(copy);
            var rows = Core.Imports.Files.ImportTable.Open(copy).Rows;
            return new Visitor(url, jar.GetCookieHeader(url), token, rows.First().Cells[^1]);
        }

        public async Task<TcpClient> BeginAsync(long length)
        {
            var line = new TcpClient();
            await line.ConnectAsync(IPAddress.Loopback, url.Port);
            var head = string.Create(CultureInfo.InvariantCulture, $"POST /documents/upload?institution={institution} HTTP/1.1\r\nHost: {url.Authority}\r\nCookie: {cookies}\r\nRequestVerificationToken: {token}\r\nX-File-Name: grand.pdf\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n");
            await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            return line;
        }

        public static async Task SendAsync(TcpClient line, int octets)
        {
            var portion = new byte[64 * 1024];
            "%PDF-1.4\n"u8.CopyTo(portion);
            for (var sent = 0; sent < octets; sent += portion.Length)
            {
                await line.GetStream().WriteAsync(portion);
            }
        }

        public static async Task<string> AnswerAsync(TcpClient line)
        {
            var answer = new StringBuilder();
            var octets = new byte[4096];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!answer.ToString().Contains('}', StringComparison.Ordinal) && await line.GetStream().ReadAsync(octets, patience.Token) is var count and > 0)
            {
                answer.Append(Encoding.UTF8.GetString(octets, 0, count));
            }

            return answer.ToString();
        }
    }
}
