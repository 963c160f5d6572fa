using System.Text;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

public sealed class BankTests
{
    [Theory]
    [InlineData("Date;Libellé;Montant\n21/11/2026;VIR CLINIQUE;1 200,50\n20/11/2026;PRLV EDF;-80,00\n")]
    [InlineData("Date,Libelle,Debit,Credit\n2026-11-21,VIR CLINIQUE,,1200.50\n2026-11-20,PRLV EDF,80.00,\n")]
    [InlineData("Compte;FR76\nSolde au 21/11/2026;10 000,00\n\nDate opération;Date valeur;Libellé;Débit;Crédit\n21/11/2026;22/11/2026;VIR CLINIQUE;;1.200,50 €\n20/11/2026;20/11/2026;PRLV EDF;-80,00;\n")]
    [InlineData("21/11/2026\tVIR CLINIQUE\t+1200,50\n20/11/2026\tPRLV EDF\t-80,00\n")]
    [InlineData("\"Date\";\"Libellé\";\"Montant(EUROS)\"\n\"21/11/26\";\"VIR CLINIQUE\";\"1200,50\"\n\"20/11/26\";\"PRLV EDF\";\"-80,00\"\n")]
    public void Statements_of_french_banks_are_read(string text)
    {
        foreach (var encoding in new[] { Encoding.UTF8, CodePagesEncodingProvider.Instance.GetEncoding(1252)! })
        {
            var file = BankFile.Read(new MemoryStream(encoding.GetBytes(text)));

            var content = file.Contents(file.Guess);

            var line = Assert.Single(content.Credits);
            Assert.Equal((new DateOnly(2026, 11, 21), 1200.50m, "VIR CLINIQUE", 1), (line.On, line.Amount, line.Label, content.Debits));
            Assert.Empty(content.Unread);
        }
    }

    [Theory]
    [InlineData("1 234,56", 1234.56)]
    [InlineData("1\u202f234,56", 1234.56)]
    [InlineData("+1,234.56", 1234.56)]
    [InlineData("1.234,56 EUR", 1234.56)]
    [InlineData("1.234.567", 1234567)]
    [InlineData("12,5", 12.5)]
    [InlineData("-12,00", -12)]
    [InlineData("−12,00 €", -12)]
    public void Amounts_are_read_as_banks_write_them(string text, double expected)
    {
        var file = BankFile.Read(new MemoryStream(Encoding.UTF8.GetBytes($"Date;Libellé;Montant\n21/11/2026;A;\"{text}\"\n")));

        Assert.Equal(expected > 0 ? [(decimal)expected] : [], file.Contents(file.Guess).Credits.Select(line => line.Amount));
    }

    [Fact]
    public void What_is_no_statement_is_refused_and_a_line_that_cannot_be_read_is_told()
    {
        Assert.Equal("Ce fichier est vide.", Assert.Throws<BusinessRuleException>(() => BankFile.Read(new MemoryStream())).Message);
        Assert.Throws<BusinessRuleException>(() => BankFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("bonjour\nà tous\n"))));
        var file = BankFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("Date;Libellé;Montant\n31/02/2026;A;10\n21/11/2026;B;dix\nTotal;;20\n")));
        Assert.Equal([2, 3, 4], file.Contents(file.Guess).Unread);
        Assert.Equal("Label", Assert.Throws<BusinessRuleException>(() => file.Contents(file.Guess with { Label = null })).Field);
    }

    [Fact]
    public void A_line_keeps_its_key_from_one_file_to_the_next_and_twins_have_their_own()
    {
        var first = Read("21/11/2026;VIR CLINIQUE;100\n21/11/2026;VIR CLINIQUE;100\n");
        var second = Read("22/11/2026;VIR AUTRE;50\n21/11/2026;VIR CLINIQUE;100\n21/11/2026;vir clinique;100\n");

        Assert.Equal(2, first.Select(line => line.Key).Distinct().Count());
        Assert.Equal(first.Select(line => line.Key).Order(), second.Skip(1).Select(line => line.Key).Order());
    }

    [Fact]
    public async Task Lines_are_matched_by_number_by_name_and_by_sum_and_recorded_once()
    {
        await using var world = await Paper.WorldAsync();
        var (tilleuls, acacias, ormes) = (await world.BuyerAsync(), await world.BuyerAsync("Polyclinique des Acacias"), await world.BuyerAsync("Clinique Saint-Ormes"));
        var numbered = await world.IssuedAsync(tilleuls);
        var named = await world.IssuedAsync(acacias, details => details with { Lines = [Paper.Line(1, 777)] });
        var one = await world.IssuedAsync(ormes, details => details with { Lines = [Paper.Line(1, 100)] });
        var two = await world.IssuedAsync(ormes, details => details with { Lines = [Paper.Line(1, 250)] });
        await world.IssuedAsync(ormes, details => details with { Lines = [Paper.Line(1, 999)] });
        var lines = Read("20/11/2026;VIR SEPA REF fa 2026 0001 MERCI;1200,00\n20/11/2026;VIR POLYCLINIQUE ACACIAS;932,40\n21/11/2026;VIR ORMES LOT NOVEMBRE;420,00\n21/11/2026;VIR INCONNU;3,14\n");
        var statements = world.Get<BankStatements>();

        var proposals = await statements.ProposeAsync(lines);

        Assert.Equal(
            [
                (tilleuls.Id, true, "FA-2026-0001 dans le libellé, montant exact"),
                (acacias.Id, true, "Nom du payeur, et montant exact de FA-2026-0002"),
                (ormes.Id, true, "Nom du payeur, et somme de FA-2026-0003, FA-2026-0004"),
            ],
            proposals.Take(3).Select(row => (row.Match!.InstitutionId, row.Match.IsSure, row.Match.Reason.ToString())));
        Assert.Null(proposals[3].Match);

        foreach (var proposal in proposals.Where(row => row.Match is not null))
        {
            await statements.AcceptAsync(proposal.Line, proposal.Match!.InstitutionId, proposal.Match.Shares);
        }

        Assert.All([numbered, named, one, two], invoice => Assert.Equal(0, world.ReadAsync(invoice.Id).Result.Balance));
        Assert.Equal([true, true, true, false], (await statements.ProposeAsync(lines)).Select(row => row.IsRecorded));
        var twice = await Assert.ThrowsAsync<BusinessRuleException>(() => statements.AcceptAsync(lines[0], tilleuls.Id, []));
        Assert.Equal("Cette ligne du relevé est déjà enregistrée.", twice.Message);
        await using var db = world.Open();
        Assert.Equal(3, await db.Payments.CountAsync());
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_line_that_is_refused_keeps_the_others_from_nothing_and_is_told()
    {
        await using var world = await Paper.WorldAsync();
        var (tilleuls, acacias) = (await world.BuyerAsync(), await world.BuyerAsync("Polyclinique des Acacias"));
        var (first, second) = (await world.IssuedAsync(tilleuls), await world.IssuedAsync(acacias, details => details with { Lines = [Paper.Line(1, 777)] }));
        var lines = Read("20/11/2026;VIR FA 2026 0001;1200,00\n20/11/2026;VIR FA 2026 0002;932,40\n");
        var statements = world.Get<BankStatements>();
        var proposals = await statements.ProposeAsync(lines);
        await world.PaidAsync(tilleuls.Id, 1200, new AllocationShare(first.Id, 1200));

        var result = await statements.AcceptManyAsync(proposals);

        Assert.Equal((1, "1 règlement enregistré : 932,40\u00a0€"), (result.Changed, result.Done.Sentence));
        Assert.Equal("VIR FA 2026 0001", Assert.Single(result.Failures).Name);
        Assert.Equal(0, (await world.ReadAsync(second.Id)).Balance);
        await world.CheckAsync();
    }

    [Fact]
    public async Task An_amount_alone_or_another_amount_is_never_sure()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var invoice = await world.IssuedAsync(buyer);
        await world.IssuedAsync(buyer, details => details with { Lines = [Paper.Line(1, 50)] });
        var lines = Read("21/11/2026;VIREMENT;1200,00\n21/11/2026;FA-2026-0001;1000,00\n21/11/2026;VIR CLINIQUE TILLEULS;5000,00\n");

        var alone = (await world.Get<BankStatements>().ProposeAsync([lines[0]])).Single().Match!;
        var other = (await world.Get<BankStatements>().ProposeAsync([lines[1]])).Single().Match!;
        var more = (await world.Get<BankStatements>().ProposeAsync([lines[2]])).Single().Match!;

        Assert.Equal((false, false, false), (alone.IsSure, other.IsSure, more.IsSure));
        Assert.Equal([new AllocationShare(invoice.Id, 1000)], other.Shares);
        Assert.Equal(1260, more.Shares.Sum(share => share.Amount));
    }

    [Fact]
    public async Task A_line_reversed_may_be_recorded_again()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var line = Read("21/11/2026;VIR;10\n").Single();
        var statements = world.Get<BankStatements>();
        var payment = await world.PaymentAsync((await statements.AcceptAsync(line, buyer.Id, [])).RecordId);

        await world.Get<Payments>().ReverseAsync(payment.Id, new(2026, 11, 21), "Mauvais payeur", payment.Version);

        Assert.False((await statements.ProposeAsync([line])).Single().IsRecorded);
        await statements.AcceptAsync(line, buyer.Id, []);
        await world.CheckAsync();
    }

    private static IReadOnlyList<BankLine> Read(string rows)
    {
        var file = BankFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("Date;Libellé;Montant\n" + rows)));
        return file.Contents(file.Guess).Credits;
    }
}
