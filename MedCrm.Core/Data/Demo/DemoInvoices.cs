using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Invoicing;

namespace MedCrm.Core.Data.Demo;

/// <summary>An invoice of the demonstration. Days count back from the clock's today, amounts are in euros excluding VAT.</summary>
/// <param name="Finess">Who pays.</param>
/// <param name="DaysAgo">When it was issued; a draft when negative.</param>
/// <param name="PaidAfter">Days from issue to payment; null when it still waits.</param>
/// <param name="PaidShare">How much of it was paid.</param>
internal sealed record DemoInvoice(string Finess, int DaysAgo, string Title, IReadOnlyList<LineDetails> Lines, int? PaidAfter = null, decimal PaidShare = 1)
{
    /// <summary>Why it is contested.</summary>
    public string? Dispute { get; init; }

    /// <summary>Taken back by a credit note so many days later: whole, or for these lines.</summary>
    public int? CreditedAfter { get; init; }
    public IReadOnlyList<LineDetails>? CreditedLines { get; init; }

    /// <summary>It is a deposit, deducted by the next invoice of the same buyer that deducts one.</summary>
    public bool IsDeposit { get; init; }
    public bool DeductsDeposit { get; init; }
    public string? PurchaseOrder { get; init; }
}

/// <summary>A year of invoices: most paid, some late, one contested, a deposit with its balance, credit notes, drafts to review.</summary>
internal static class DemoInvoices
{
    private static readonly IReadOnlyList<DemoInvoice> s_all =
    [
        new("490000049", 352, "Kerlann Planning, premier trimestre", [Software("Kerlann Planning, 140 utilisateurs, trois mois", 420, 18.50m)], 47),
        new("440000412", 340, "Formation des cadres de bloc", [Training(2)], 36),
        new("350000741", 331, "Déploiement des gardes, premier lot", [Day("Déploiement et paramétrage", 6)], 58),
        new("290000140", 318, "Recrutement d'un cadre de santé", [Mission("Recrutement d'un cadre de santé", 7_800)], 41),
        new("130000409", 305, "Kerlann Gardes et astreintes, année", [Software("Kerlann Gardes et astreintes, deux sites, douze mois", 24, 290)], 52),
        new("060000510", 297, "Audit d'organisation des gardes", [Mission("Audit d'organisation des gardes", 4_800)], 49),
        new("340000033", 280, "Mise à disposition d'infirmiers, janvier", [Hours(312)], 55),
        new("490000049", 262, "Kerlann Planning, deuxième trimestre", [Software("Kerlann Planning, 140 utilisateurs, trois mois", 420, 18.50m)], 50),
        new("440000271", 251, "Recrutement de deux praticiens", [Mission("Recrutement d'un anesthésiste", 12_500), Mission("Recrutement d'un urgentiste", 12_500)], 71) { PurchaseOrder = "CHU-2026-11842" },
        new("350000147", 240, "Reprise des données", [Mission("Reprise des données de planning", 2_400)], 44),
        new("440000487", 226, "Formation à distance", [Training(1)], 12),
        new("310780259", 210, "Acompte de 30 % sur le déploiement", [Mission("Acompte de 30 % sur le déploiement du planning médical", 6_840)], 33) { IsDeposit = true },
        new("340000033", 198, "Mise à disposition d'infirmiers, mai", [Hours(280)], 61),
        new("350000121", 186, "Badgeuses du bloc", [Goods("Badgeuse murale", 12, 349)], 40),
        new("490000049", 172, "Kerlann Planning, troisième trimestre", [Software("Kerlann Planning, 140 utilisateurs, trois mois", 420, 18.50m)], 48),
        new("440000412", 160, "Recrutement d'un infirmier de bloc", [Mission("Recrutement d'un infirmier", 3_900)]) { CreditedAfter = 25 },
        new("130008253", 149, "Kerlann Vivier de remplaçants", [Software("Kerlann Vivier de remplaçants, un site, six mois", 6, 149.90m)], 38),
        new("310780259", 133, "Solde du déploiement du planning médical", [Day("Déploiement et paramétrage", 18), Mission("Reprise des données", 2_400), Software("Connecteur GTT et paie", 2, 1_650)], 54) { DeductsDeposit = true },
        new("290000140", 121, "Support prioritaire 7 j/7", [Mission("Support prioritaire, douze mois", 2_900)], 63),
        new("060021417", 108, "Formation sur site", [Training(3)]) { CreditedAfter = 12, CreditedLines = [Training(1)] },
        new("350000741", 97, "Déploiement des gardes, second lot", [Day("Déploiement et paramétrage", 9)]),
        new("490000049", 82, "Kerlann Planning, quatrième trimestre", [Software("Kerlann Planning, 140 utilisateurs, trois mois", 420, 18.50m)], 51),
        new("340000033", 74, "Mise à disposition d'infirmiers, septembre", [Hours(344)], 62, 0.5m),
        new("440000404", 66, "Audit d'organisation des gardes", [Mission("Audit d'organisation des gardes", 4_800)]),
        new("130000409", 58, "Recrutement d'un praticien", [Mission("Recrutement d'un réanimateur", 12_500)]) { Dispute = "La période d'essai a été rompue : garantie de remplacement demandée." },
        new("350000121", 49, "Badgeuses des urgences", [Goods("Badgeuse murale", 8, 349), Day("Pose et paramétrage", 1)]),
        new("440000016", 34, "Kerlann Gardes et astreintes", [Software("Kerlann Gardes et astreintes, un site, douze mois", 12, 290)]),
        new("440000271", 27, "Reprise des données", [Mission("Reprise des données de deux pôles", 4_800)], 20) { PurchaseOrder = "CHU-2026-20977" },
        new("060780491", 19, "Mise à disposition d'infirmiers, octobre", [Hours(196)]),
        new("310780283", 12, "Formation à distance", [Training(1)], 8),
        new("350000139", 6, "Kerlann Planning, mise en service", [Software("Kerlann Planning, 60 utilisateurs, un mois", 60, 18.50m), Day("Paramétrage", 2)]),
        new("340015502", 2, "Recrutement d'un infirmier", [Mission("Recrutement d'un infirmier", 3_900)]),
        new("490000049", -1, "Kerlann Planning, premier trimestre", [Software("Kerlann Planning, 150 utilisateurs, trois mois", 450, 18.50m)]),
        new("340000033", -1, "Mise à disposition d'infirmiers, novembre", [Hours(228)]),
        new("440000487", -1, "Formation sur site", [Training(1)]),
    ];

    /// <summary>Writes, issues, pays and takes back, in the order of the days, inside the caller's transaction. The institutions and the company are stored.</summary>
    public static async Task AddAsync(ListScope scope, IReadOnlyDictionary<string, Institution> institutions, CancellationToken cancellationToken)
    {
        var acts = new List<(DateOnly On, Func<Task> Act)>();
        Invoice? deposit = null;
        foreach (var row in s_all)
        {
            var on = scope.Clock.Today.AddDays(-Math.Max(0, row.DaysAgo));
            acts.Add((on, async () =>
            {
                var invoice = await IssueAsync(scope, row, institutions[row.Finess], on, row.DeductsDeposit ? deposit : null, cancellationToken);
                deposit = row.IsDeposit ? invoice : deposit;
                if (row.PaidAfter is { } days)
                {
                    acts.Add((on.AddDays(days), () => PayAsync(scope, invoice, on.AddDays(days), row.PaidShare, cancellationToken)));
                }

                if (row.CreditedAfter is { } later)
                {
                    acts.Add((on.AddDays(later), () => CreditAsync(scope, invoice, row.CreditedLines, on.AddDays(later), cancellationToken)));
                }
            }));
        }

        // What an act brings about comes in its own day: an invoice's payment among the invoices that follow it.
        while (acts.Count > 0)
        {
            var next = acts.MinBy(act => act.On);
            acts.Remove(next);
            await next.Act();
        }
    }

    private static async Task<Invoice> IssueAsync(ListScope scope, DemoInvoice row, Institution buyer, DateOnly on, Invoice? deposit, CancellationToken cancellationToken)
    {
        var at = scope.Clock.ToUtc(on, new TimeOnly(7, 40));
        var start = await Invoices.StartAsync(scope.Db, buyer.Id, cancellationToken);
        var invoice = new Invoice(
            start with
            {
                Kind = row.IsDeposit ? InvoiceKind.Deposit : InvoiceKind.Invoice,
                Title = row.Title,
                Lines = row.Lines,
                PurchaseOrder = row.PurchaseOrder,
                Engagement = buyer.LegalStatusCode is "13" or "15" ? "EJ-4410027" : null,
            },
            at);
        if (deposit is not null)
        {
            invoice.Deduct(await DepositShare.OfAsync(scope.Db, invoice, [deposit.Id], cancellationToken));
        }

        scope.Db.Invoices.Add(invoice);
        if (row.DaysAgo < 0)
        {
            await scope.Db.SaveChangesAsync(cancellationToken);
            return invoice;
        }

        await Issuing.IssueAsync(scope, invoice, on, cancellationToken, at);
        if (row.Dispute is { } reason)
        {
            invoice.Dispute(reason, on.AddDays(20), at);
            await scope.Db.SaveChangesAsync(cancellationToken);
        }

        return invoice;
    }

    private static async Task PayAsync(ListScope scope, Invoice invoice, DateOnly on, decimal share, CancellationToken cancellationToken)
    {
        var details = new PaymentDetails
        {
            InstitutionId = invoice.InstitutionId,
            ReceivedOn = on,
            Amount = Money.Round(invoice.Balance * share),
            Means = invoice.Buyer is BuyerKind.Private ? PaymentMeans.Transfer : PaymentMeans.PublicMandate,
            Reference = invoice.Buyer is BuyerKind.Private ? $"VIR SEPA {invoice.Number}" : $"MANDAT {on:MMdd} {invoice.Number}",
        };
        var payment = new Payment(details, await Payments.NextNumberAsync(scope.Db, cancellationToken), scope.Clock.ToUtc(on, new TimeOnly(7, 30)), scope.Clock.Today);
        scope.Db.Payments.Add(payment);
        await Payments.AllocateAsync(scope.Db, Actor.System, payment, [new AllocationShare(invoice.Id, details.Amount)], cancellationToken);
    }

    private static async Task CreditAsync(ListScope scope, Invoice original, IReadOnlyList<LineDetails>? lines, DateOnly on, CancellationToken cancellationToken)
    {
        var at = scope.Clock.ToUtc(on, new TimeOnly(8, 10));
        var details = original.Details();
        var note = new Invoice(details with { Kind = InvoiceKind.CreditNote, Title = $"Avoir sur {original.Number}", OriginalId = original.Id, Lines = lines ?? details.Lines }, at);
        scope.Db.Invoices.Add(note);
        await Issuing.IssueAsync(scope, note, on, cancellationToken, at);
    }

    private static LineDetails Software(string description, decimal quantity, decimal price) => new() { Code = "LOG", Description = description, Quantity = quantity, UnitPrice = price };

    private static LineDetails Mission(string description, decimal price) => new() { Description = description, UnitPrice = price };

    private static LineDetails Day(string description, decimal days) => new() { Code = "SER-DEPLOI", Description = description, Quantity = days, Unit = "jour", UnitPrice = 950 };

    private static LineDetails Hours(decimal hours) => new() { Code = "MAD-IDE", Description = "Mise à disposition d'un infirmier, heures de jour", Quantity = hours, Unit = "heure", UnitPrice = 46.50m };

    private static LineDetails Goods(string description, decimal quantity, decimal price) => new() { Code = "MAT-BADGE", Description = description, Quantity = quantity, Unit = "unité", UnitPrice = price, Nature = SupplyNature.Goods };

    private static LineDetails Training(decimal days) => new() { Code = "FOR-SITE", Description = "Formation sur site", Quantity = days, Unit = "jour", UnitPrice = 980, VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = Vat.Training.Reason };
}
