using System.Globalization;
using System.Runtime.CompilerServices;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Accounting;

/// <summary>What an export would hold, before it is downloaded.</summary>
/// <param name="Verdict">What the check of the file of entries found.</param>
/// <param name="FileName">The name of that file.</param>
/// <param name="Label">« partiel (journaux VE, BQ) ».</param>
/// <param name="Year">The fiscal year.</param>
/// <param name="IsVatOnReceipt">The company owes the VAT of its services when it is paid, and entries book it when it is invoiced: accountants must know.</param>
public sealed record ExportPreview(FecVerdict Verdict, string FileName, string Label, FiscalYear Year, bool IsVatOnReceipt);

/// <summary>A file ready to be sent: it disappears when it is closed.</summary>
public sealed record AccountingFile(Stream Content, string Name, string MediaType);

/// <summary>The door of what accountants take: entries of issued documents and payments, checked before anybody gets them. Everything is exported, so one who sees a part of the invoices alone may not.</summary>
public sealed class AccountingExports(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, DataFolder folder)
{
    /// <summary>Where entries are booked.</summary>
    public async Task<AccountPlanDetails> PlanAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await PlanAsync(db, cancellationToken)).Details();
    }

    /// <summary>Sets accounts, journals and the form of the file.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or the actor is no administrator.</exception>
    public async Task<Done> EditPlanAsync(AccountPlanDetails seen, AccountPlanDetails mine, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var plan = await TrackedPlanAsync(db, cancellationToken);
        plan.Edit(await db.MergeAsync(plan, seen, mine, plan.Details(), cancellationToken));
        var gesture = db.Begin(actor, "Plan comptable réglé");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(plan.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>The fiscal year of a day, as the plan closes it.</summary>
    public async Task<FiscalYear> YearOfAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await PlanAsync(db, cancellationToken)).YearOf(day);
    }

    /// <summary>The columns of a CSV file.</summary>
    public async Task<CsvLayout> LayoutAsync(AccountingFormat format, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await PlanAsync(db, cancellationToken)).LayoutOf(format);
    }

    /// <summary>Keeps the columns of a CSV file, for everybody.</summary>
    /// <exception cref="BusinessRuleException">The layout is refused, or the actor may not export.</exception>
    public async Task<Done> ArrangeAsync(AccountingFormat format, CsvLayout layout, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var plan = await TrackedPlanAsync(db, cancellationToken);
        plan.LayOut(format, layout);
        var gesture = db.Begin(actor, $"Colonnes du fichier « {Labels.Of(format)} » choisies");
        await db.SaveChangesAsync(cancellationToken);
        return new Done(plan.Id, gesture.Sentence, actor.May(Right.Administer) ? gesture.Undoable : null);
    }

    /// <summary>Makes the file of entries, checks it, and says what it holds.</summary>
    /// <exception cref="BusinessRuleException">The actor may not export, the period is refused, the SIREN of the company is unknown, or a document cannot be booked.</exception>
    public async Task<ExportPreview> CheckAsync(LedgerScope scope, CancellationToken cancellationToken = default)
    {
        await DemandAsync(cancellationToken);
        var (preview, file) = await MakeAsync(scope, cancellationToken);
        await file.DisposeAsync();
        return preview;
    }

    /// <summary>The file of entries.</summary>
    /// <exception cref="BusinessRuleException">As <see cref="CheckAsync"/>, or the file fails the check: an unbalanced or invalid set is never handed over.</exception>
    public async Task<AccountingFile> FecAsync(LedgerScope scope, CancellationToken cancellationToken = default)
    {
        await DemandAsync(cancellationToken);
        var (preview, file) = await MakeAsync(scope, cancellationToken);
        if (!preview.Verdict.IsRight)
        {
            await file.DisposeAsync();
            throw RefusalOf(preview.Verdict);
        }

        file.Position = 0;
        return new AccountingFile(file, preview.FileName, "text/plain");
    }

    /// <summary>The description that goes with the file of entries.</summary>
    /// <exception cref="BusinessRuleException">The actor may not export, the period is refused, or the SIREN of the company is unknown.</exception>
    public async Task<(string Name, string Text)> DescribeAsync(LedgerScope scope, CancellationToken cancellationToken = default)
    {
        await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var plan = await PlanAsync(db, cancellationToken);
        var year = scope.YearIn(plan);
        var company = await Company.ReadAsync(db, cancellationToken);
        var name = NameOf(company, year);
        return ($"{Path.GetFileNameWithoutExtension(name)}-description.txt", FecWriter.Describe(name, plan, year, scope.Journals, IsVatOnReceipt(company)));
    }

    /// <summary>The CSV file of Sage or QuickBooks.</summary>
    /// <exception cref="BusinessRuleException">As <see cref="FecAsync"/>.</exception>
    public async Task<AccountingFile> CsvAsync(LedgerScope scope, AccountingFormat format, CancellationToken cancellationToken = default)
    {
        await DemandRightAsync(scope, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var plan = await PlanAsync(db, cancellationToken);
        var layout = plan.LayoutOf(format);
        var file = TemporaryFile("csv");
        try
        {
            await using (var text = new StreamWriter(file, CsvFiles.EncodingOf(layout), bufferSize: 1 << 16, leaveOpen: true))
            {
                await (format is AccountingFormat.QuickBooks
                    ? CsvFiles.WriteAsync(text, layout, CsvFiles.RowsAsync(db, scope, cancellationToken), cancellationToken)
                    : CsvFiles.WriteAsync(text, layout, new LedgerReader(db, plan, scope, clock).ReadAsync(cancellationToken), cancellationToken));
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        file.Position = 0;
        return new AccountingFile(file, string.Create(CultureInfo.InvariantCulture, $"{format.ToString().ToLowerInvariant()}-{scope.From:yyyyMMdd}-{scope.To:yyyyMMdd}.csv"), "text/csv");
    }

    /// <summary>The lines of entries, for a workbook.</summary>
    /// <exception cref="BusinessRuleException">As <see cref="FecAsync"/>, from the first line on.</exception>
    public async IAsyncEnumerable<LedgerLine> LinesAsync(LedgerScope scope, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await DemandRightAsync(scope, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var line in new LedgerReader(db, await PlanAsync(db, cancellationToken), scope, clock).ReadAsync(cancellationToken))
        {
            yield return line;
        }
    }

    private static async Task<AccountPlan> PlanAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.AccountPlans.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new AccountPlan();

    private static async Task<AccountPlan> TrackedPlanAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.AccountPlans.SingleOrDefaultAsync(cancellationToken) ?? db.AccountPlans.Add(new AccountPlan()).Entity;

    private static string NameOf(Company company, FiscalYear year)
        => company.Siren is { } siren
            ? FecWriter.NameOf(siren, year.To)
            : throw new BusinessRuleException("Le SIREN de la société n'est pas renseigné : le nom du fichier en dépend. Un administrateur l'indique dans les réglages de la société.");

    // CGI art. 269, 2 c: the VAT of services is due when they are paid, unless the company opted for debits.
    private static bool IsVatOnReceipt(Company company) => company is { PaysVatOnDebits: false, IsVatExempt: false };

    private static BusinessRuleException RefusalOf(FecVerdict verdict)
        => new(verdict.FaultCount == 1 ? verdict.Faults[0].Sentence : $"L'export est refusé : {verdict.FaultCount} anomalies. La première : {verdict.Faults[0].Sentence}");

    private async Task<Actor> DemandAsync(CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        actor.Demand(Right.Export);
        return actor.Visibility is Visibility.All
            ? actor
            : throw new BusinessRuleException("Un export comptable porte sur toutes les factures, et votre rôle n'en voit qu'une partie. Demandez à un administrateur.");
    }

    private async Task DemandRightAsync(LedgerScope scope, CancellationToken cancellationToken)
    {
        if ((await CheckAsync(scope, cancellationToken)).Verdict is { IsRight: false } verdict)
        {
            throw RefusalOf(verdict);
        }
    }

    private async Task<(ExportPreview Preview, FileStream File)> MakeAsync(LedgerScope scope, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var plan = await PlanAsync(db, cancellationToken);
        var year = scope.YearIn(plan);
        var company = await Company.ReadAsync(db, cancellationToken);
        var name = NameOf(company, year);
        var file = TemporaryFile("txt");
        try
        {
            var encoding = FecText.EncodingOf(plan.Charset);
            await using (var text = new StreamWriter(file, encoding, bufferSize: 1 << 16, leaveOpen: true))
            {
                await FecWriter.WriteAsync(text, new LedgerReader(db, plan, scope, clock).ReadAsync(cancellationToken), plan, cancellationToken);
            }

            file.Position = 0;
            using var reader = new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
            return (new ExportPreview(await FecValidator.CheckAsync(reader, year, isWhole: scope.Holds(year), cancellationToken), name, FecWriter.LabelOf(scope.Journals, plan), year, IsVatOnReceipt(company)), file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private FileStream TemporaryFile(string extension) => new(
        Path.Combine(folder.Temporary, $"accounting-{Guid.NewGuid():N}.{extension}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.None,
        bufferSize: 1 << 16,
        FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}
