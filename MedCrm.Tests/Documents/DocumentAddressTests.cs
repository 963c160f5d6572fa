using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Documents;

/// <summary>The addresses of documents as browsers use them: what they send, and what is sent back to them.</summary>
public sealed class DocumentAddressTests : IAsyncLifetime
{
    private readonly TestSite _site = new("MedCrm:Documents:MaxMegabytes=1");
    private Institution _institution = null!;
    private HttpClient _claire = null!;
    private HttpClient _lea = null!;

    public async Task InitializeAsync()
    {
        Team west, south;
        await using (var db = _site.Open())
        {
            db.Begin(Actor.System, "Test");
            db.Teams.AddRange(west = new Team("Ouest"), south = new Team("Sud"));
            db.Institutions.Add(_institution = new Institution(new InstitutionDetails { Name = "CHU de Nantes", TeamId = west.Id }, DateTime.UtcNow));
            await db.SaveChangesAsync();
        }

        await _site.AddUserAsync("claire@test.fr", Role.Sales, west.Id);
        await _site.AddUserAsync("lea@test.fr", Role.Sales, south.Id);
        (_claire, _lea) = (await WithTokenAsync("claire@test.fr"), await WithTokenAsync("lea@test.fr"));
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_file_sent_comes_back_octet_for_octet_under_its_name_and_closed_to_everything()
    {
        var content = FileSample.Pdf("été");
        var sent = await SendAsync(_claire, content, "Devis n° 4 – été.pdf");

        var answer = await _claire.GetAsync($"/documents/{sent!.Id}");

        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Devis n° 4 – été.pdf", answer.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.StartsWith("sandbox; default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        await using var db = _site.Open();
        Assert.Equal($"\"{(await db.DocumentVersions.SingleAsync()).Sha256}\"", answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Only_what_a_browser_reads_harmlessly_is_shown_in_the_page()
    {
        var pdf = await SendAsync(_claire, FileSample.Pdf(), "a.pdf");
        var text = await SendAsync(_claire, "Bonjour"u8.ToArray(), "a.txt");

        var shown = await _claire.GetAsync($"/documents/{pdf!.Id}?inline=1");
        Assert.Equal(("inline", "SAMEORIGIN"), (shown.Content.Headers.ContentDisposition!.DispositionType, Assert.Single(shown.Headers.GetValues("X-Frame-Options"))));
        Assert.Contains("frame-ancestors 'self'", Assert.Single(shown.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var kept = await _claire.GetAsync($"/documents/{text!.Id}?inline=1");
        Assert.Equal(("attachment", "DENY"), (kept.Content.Headers.ContentDisposition!.DispositionType, Assert.Single(kept.Headers.GetValues("X-Frame-Options"))));
    }

    [Fact]
    public async Task A_part_can_be_asked_for_and_what_is_known_is_not_sent_again()
    {
        var content = FileSample.Pdf("parties");
        var sent = await SendAsync(_claire, content, "a.pdf");
        var request = new HttpRequestMessage(HttpMethod.Get, $"/documents/{sent!.Id}") { Headers = { Range = new RangeHeaderValue(10, 19) } };

        var part = await _claire.SendAsync(request);
        Assert.Equal((HttpStatusCode.PartialContent, content.Length), (part.StatusCode, (int)part.Content.Headers.ContentRange!.Length!));
        Assert.Equal(content[10..20], await part.Content.ReadAsByteArrayAsync());

        request = new HttpRequestMessage(HttpMethod.Get, $"/documents/{sent.Id}") { Headers = { IfNoneMatch = { part.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await _claire.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Versions_have_addresses_of_their_own()
    {
        var sent = await SendAsync(_claire, FileSample.Pdf("1"), "a.pdf");
        var second = await SendAsync(_claire, FileSample.Pdf("2"), "b.pdf", $"document={sent!.Id}");

        Assert.Equal((sent.Id, 2), (second!.Id, second.Version));
        Assert.Equal(FileSample.Pdf("1"), await _claire.GetByteArrayAsync($"/documents/{sent.Id}?version=1"));
        Assert.Equal(FileSample.Pdf("2"), await _claire.GetByteArrayAsync($"/documents/{sent.Id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await _claire.GetAsync($"/documents/{sent.Id}?version=3")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_beyond_the_limit_is_refused_whether_it_says_its_length_or_not(bool saysItsLength)
    {
        byte[] long_ = [.. "%PDF-1.4\n"u8, .. new byte[1024 * 1024], .. "%%EOF"u8];
        using var content = new StreamContent(new Unmeasured(long_, saysItsLength));
        content.Headers.Add("X-Measured", saysItsLength ? "yes" : "no");
        var answer = await PostAsync(_claire, content, "a.pdf");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("1 Mo", (await answer.Content.ReadFromJsonAsync<Refused>())!.Error, StringComparison.Ordinal);
        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_refusal_is_a_sentence_and_leaves_nothing()
    {
        var answer = await PostAsync(_claire, new ByteArrayContent(Encoding.UTF8.GetBytes("<html>")), "facture.pdf");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("pages web", (await answer.Content.ReadFromJsonAsync<Refused>())!.Error, StringComparison.Ordinal);
        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task Without_the_token_of_the_page_nothing_is_taken()
    {
        var stranger = await _site.SignInAsync("claire@test.fr");

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(stranger, new ByteArrayContent(FileSample.Pdf()), "a.pdf")).StatusCode);
        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task Another_team_gets_nothing_by_any_address()
    {
        var sent = await SendAsync(_claire, FileSample.Pdf(), "a.pdf");
        foreach (var address in new[] { "", "?inline=1", "?version=1", "/place" })
        {
            Assert.NotEqual(HttpStatusCode.NotFound, (await _claire.GetAsync($"/documents/{sent!.Id}{address}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await _lea.GetAsync($"/documents/{sent.Id}{address}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await ZipAsync(_lea, sent!.Id)).StatusCode);
        Assert.Null(await SendAsync(_lea, FileSample.Png(), "x.png"));
        Assert.Null(await SendAsync(_lea, FileSample.Png(), "x.png", $"document={sent.Id}"));
        await using var db = _site.Open();
        Assert.Equal(1, await db.DocumentVersions.CountAsync());
    }

    [Fact]
    public async Task An_archive_holds_each_document_under_a_name_of_its_own_and_tells_of_those_that_are_lost()
    {
        var sent = new List<Sent>();
        foreach (var (content, name) in new[] { (FileSample.Pdf("1"), "Devis.pdf"), (FileSample.Pdf("2"), "devis.pdf"), ("Bonjour"u8.ToArray(), "Notes.txt"), (FileSample.Png(), "Perdu.png") })
        {
            sent.Add((await SendAsync(_claire, content, name))!);
        }

        await using (var db = _site.Open())
        {
            File.Delete(_site.Services.GetRequiredService<DocumentFiles>().PathOf(await db.DocumentVersions.Where(version => version.FileName == "Perdu.png").Select(version => version.PathKey).SingleAsync()));
        }

        var answer = await ZipAsync(_claire, [.. sent.Select(one => one.Id), Guid.NewGuid()]);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.ToString());
        await using var archive = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal(["Devis.pdf", "Fichiers manquants.txt", "Notes.txt", "devis (2).pdf"], archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        await using var first = await archive.GetEntry("devis (2).pdf")!.OpenAsync();
        using var copy = new MemoryStream();
        await first.CopyToAsync(copy);
        Assert.Equal(FileSample.Pdf("2"), copy.ToArray());
    }

    [Fact]
    public async Task The_way_to_a_document_is_the_page_of_what_it_is_attached_to()
    {
        var sent = await SendAsync(_claire, FileSample.Pdf(), "a.pdf");

        Assert.Equal($"/institutions/{_institution.Id}?tab=documents&open={sent!.Id}", TestSite.WhereTo(await _claire.GetAsync($"/documents/{sent.Id}/place")));
    }

    private static Task<HttpResponseMessage> ZipAsync(HttpClient client, params Guid[] ids)
        => client.PostAsync("/documents/zip", new FormUrlEncodedContent([new("ids", string.Join(',', ids))]));

    private async Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent content, string name, string? query = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/documents/upload?{query ?? $"institution={_institution.Id}"}") { Content = content };
        request.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        request.Headers.TransferEncodingChunked = content.Headers.TryGetValues("X-Measured", out var measured) && measured.Single() == "no" ? true : null;
        return await client.SendAsync(request);
    }

    private async Task<Sent?> SendAsync(HttpClient client, byte[] content, string name, string? query = null)
    {
        var answer = await PostAsync(client, new ByteArrayContent(content), name, query);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Sent>() : null;
    }

    // The layout is drawn by the circuit; the page of the account is not, and carries the same token.
    private async Task<HttpClient> WithTokenAsync(string email)
    {
        var client = await _site.SignInAsync(email);
        var token = TestSite.HiddenOf(await client.GetStringAsync("/account/password"))["__RequestVerificationToken"];
        client.DefaultRequestHeaders.Add("RequestVerificationToken", token);
        return client;
    }

    private async Task AssertNothingKeptAsync()
    {
        await using var db = _site.Open();
        Assert.False(await db.Documents.AnyAsync());
        var folder = _site.Services.GetRequiredService<MedCrm.Core.Data.DataFolder>();
        Assert.Empty(Directory.GetFiles(folder.Files, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder.Temporary, "*.part", SearchOption.AllDirectories));
    }

    private sealed record Sent(Guid Id, string Name, int Version, bool IsThere);

    private sealed record Refused(string Error);

    // A stream that tells its length, or keeps it to itself.
    private sealed class Unmeasured(byte[] content, bool saysItsLength) : MemoryStream(content)
    {
        public override bool CanSeek => saysItsLength;
    }
}
