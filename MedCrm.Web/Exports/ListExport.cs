using System.Runtime.CompilerServices;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Exports;

/// <summary>The files that lists are exported to; their names, in lower case, are their extensions.</summary>
public enum ExportFormat
{
    Xlsx,
    Csv,
}

/// <summary>Any list as somebody sees it, in a file: same columns, filters, sort and rights, and the id of each record.</summary>
public sealed class ListExport(IEnumerable<IRecordList> lists, ICurrentUser currentUser, BusinessClock clock, DataFolder folder, IStringLocalizer<Texts> t, ILogger<ListExport> logger)
{
    /// <summary>The list of a name, or null.</summary>
    public IRecordList? Find(string name) => lists.FirstOrDefault(list => list.Definition.Name == name);

    /// <summary>Writes the workbook of a query, or of the records picked, into a file that disappears when it is closed, positioned at its start.</summary>
    /// <exception cref="BusinessRuleException">The person may not export.</exception>
    public Task<Stream> WriteAsync(IRecordList list, ListQuery query, IReadOnlyCollection<Guid>? picked, CancellationToken cancellationToken) => WriteAsync(list, query, picked, ExportFormat.Xlsx, cancellationToken);

    /// <summary>As above, in the format asked for.</summary>
    /// <exception cref="BusinessRuleException">The person may not export.</exception>
    public async Task<Stream> WriteAsync(IRecordList list, ListQuery query, IReadOnlyCollection<Guid>? picked, ExportFormat format, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Export);

        var columns = (query.Columns ?? list.Definition.FirstColumns).Select(key => list.Definition.Find(key)!).ToList();
        var labels = new Dictionary<string, Dictionary<string, string>>();
        foreach (var column in columns.Where(column => column.Kind is ListKind.Choice or ListKind.User))
        {
            labels[column.Key] = t.Of(column, await list.ChoicesAsync(column.Key, null, cancellationToken)).ToDictionary(choice => choice.Value, choice => choice.Label);
        }

        var file = new FileStream(
            Path.Combine(folder.Temporary, $"export-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            List<SheetColumn> sheet = [.. columns.Select(SheetColumnOf), new(t["Identifiant"], CellKind.Text, 260)];
            var rows = RowsAsync(list, query, picked, columns, labels, cancellationToken);
            await (format is ExportFormat.Csv ? CsvWriter.WriteAsync(file, sheet, rows, cancellationToken) : WorkbookWriter.WriteAsync(file, Title(t[list.Definition.Plural]), sheet, rows, cancellationToken));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        logger.LogInformation("List {List} exported by {UserId}, {Bytes} bytes", list.Definition.Name, actor.Id, file.Length);
        file.Position = 0;
        return file;
    }

    private async IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync(
        IRecordList list,
        ListQuery query,
        IReadOnlyCollection<Guid>? picked,
        List<ListColumn> columns,
        Dictionary<string, Dictionary<string, string>> labels,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in list.StreamAsync(query, [.. columns.Select(column => column.Key)], picked, cancellationToken))
        {
            var cells = new object?[columns.Count + 1];
            for (var index = 0; index < columns.Count; index++)
            {
                cells[index] = CellOf(columns[index], row.Values[index], labels);
            }

            cells[^1] = row.Id.ToString();
            yield return cells;
        }
    }

    private object? CellOf(ListColumn column, object? value, Dictionary<string, Dictionary<string, string>> labels) => (column.Kind, value) switch
    {
        (_, null) => null,
        (ListKind.Choice or ListKind.User, _) => labels[column.Key].GetValueOrDefault(value.ToString()!, value.ToString()!),
        (_, bool flag) => t[flag ? "oui" : "non"].Value,
        (ListKind.Moment, DateTime moment) => clock.ToLocal(moment),
        (ListKind.Phone, string phone) => PhoneNumber.FormatNational(phone),
        (ListKind.Tags, IEnumerable<string> texts) => string.Join(", ", texts),
        _ => value,
    };

    private SheetColumn SheetColumnOf(ListColumn column) => new(t.Of(column), KindOf(column.Kind), column.Width);

    private static CellKind KindOf(ListKind kind) => kind switch
    {
        ListKind.Number => CellKind.Count,
        ListKind.Money => CellKind.Euros,
        ListKind.Date => CellKind.Day,
        ListKind.Moment => CellKind.Moment,
        _ => CellKind.Text,
    };

    private static string Title(string plural) => char.ToUpper(plural[0], FrenchText.Culture) + plural[1..];
}
