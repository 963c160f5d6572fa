using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Printing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

public sealed class InvoicePrintsTests
{
    [Fact]
    public async Task What_is_issued_is_printed_once_and_its_file_never_changes()
    {
        await using var world = await Paper.WorldAsync();
        var prints = world.Get<InvoicePrints>();
        var draft = await world.DraftAsync();
        Assert.False(await prints.KeepAsync(draft));
        var issued = await world.IssueAsync(draft);

        Assert.True(await prints.KeepAsync(issued.Id));
        var kept = await world.ReadAsync(issued.Id);
        Assert.True(await prints.KeepAsync(issued.Id));

        var again = await world.ReadAsync(issued.Id);
        Assert.Equal((kept.PdfPath, kept.PdfSha256, issued.Version), (again.PdfPath, again.PdfSha256, again.Version));
        Assert.StartsWith("factures/2026/FA-2026-0001-", kept.PdfPath, StringComparison.Ordinal);
        Assert.NotNull(await world.Get<PrintedFiles>().ReadAsync(kept.PdfPath!, kept.PdfSha256!));
    }

    [Fact]
    public async Task What_was_not_printed_when_issued_is_printed_by_who_opens_it_or_by_the_night()
    {
        await using var world = await Paper.WorldAsync();
        var (opened, left) = (await world.IssuedAsync(), await world.IssuedAsync());

        await world.Get<DocumentPrints>().OpenAsync(PrintedKind.Invoice, opened.Id);

        Assert.NotNull((await world.ReadAsync(opened.Id)).PdfPath);
        Assert.Equal(1, await world.Get<InvoicePrints>().KeepMissingAsync());
        Assert.NotNull((await world.ReadAsync(left.Id)).PdfPath);
    }

    [Fact]
    public async Task An_invoice_whose_file_cannot_be_written_keeps_the_others_of_the_night_from_nothing()
    {
        await using var world = await Paper.WorldAsync();
        var (first, second) = (await world.IssuedAsync(), await world.IssuedAsync());
        world.Printer.OnPrint = (_, id) => id == first.Id ? throw new IOException("The disk is full.") : Task.CompletedTask;

        Assert.Equal(1, await world.Get<InvoicePrints>().KeepMissingAsync());

        Assert.Null((await world.ReadAsync(first.Id)).PdfPath);
        Assert.NotNull((await world.ReadAsync(second.Id)).PdfPath);
    }

    [Fact]
    public async Task What_is_told_of_an_invoice_paid_in_part_is_what_remains()
    {
        await using var world = await Paper.WorldAsync();
        var issued = await world.IssuedAsync();
        await world.PaidAsync(issued.InstitutionId, 500, new AllocationShare(issued.Id, 500));

        Assert.Contains("1\u202f200,00\u00a0€ TTC, dont 700,00\u00a0€ restent à régler au plus tard le 21/12/2026", (await world.Get<InvoicePrints>().LetterAsync(issued.Id)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_invoice_leaves_by_the_outbox_with_its_file_to_the_billing_address()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync(with: details => details with { Email = "direction@example.org" });
        var issued = await world.IssuedAsync(buyer);
        var prints = world.Get<InvoicePrints>();
        var letter = await prints.LetterAsync(issued.Id);
        Assert.Equal(("direction@example.org", "Facture FA-2026-0001 · Soignance"), (letter.To, letter.Subject));
        Assert.Contains("1\u202f200,00\u00a0€ TTC, à régler au plus tard le 21/12/2026", letter.Text, StringComparison.Ordinal);
        Assert.Equal("To", (await Assert.ThrowsAsync<BusinessRuleException>(() => prints.SendAsync(issued.Id, letter with { To = "compta@" }))).Field);

        await prints.SendAsync(issued.Id, letter);
        await prints.SendAsync(issued.Id, letter);

        await using var db = world.Open();
        var message = await db.OutgoingMessages.Include(m => m.Recipients).SingleAsync();
        Assert.Equal((nameof(Invoice), issued.Id, "direction@example.org"), (message.RecordType, message.RecordId!.Value, message.Recipients.Single().Address));
        Assert.Equal("FA-2026-0001.pdf", (await db.Set<Core.Mail.OutgoingFile>().SingleAsync()).Name);
    }
}
