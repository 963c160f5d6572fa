using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Web.Imports;

namespace MedCrm.Tests.Imports;

public sealed class ImportDraftTests
{
    private readonly ImportDraft _draft = new();

    [Fact]
    public void A_file_chosen_later_joins_the_others_and_one_of_the_same_name_takes_its_place()
    {
        var first = Received("clients.csv", ImportField.Name);
        Assert.Null(_draft.Add(first));
        Assert.Null(_draft.Add(Received("salon.csv", ImportField.City)));

        Assert.Equal(["clients.csv", "salon.csv"], _draft.Files.Select(file => file.File.Name));
        Assert.Contains("une seule liste", _draft.Problem, StringComparison.Ordinal);
        Assert.Same(first, _draft.Add(Received("CLIENTS.csv", ImportField.Phone)));
        Assert.Equal(["salon.csv", "CLIENTS.csv"], _draft.Files.Select(file => file.File.Name));
    }

    [Fact]
    public void The_list_that_stays_gives_its_columns()
    {
        var first = Received("clients.csv", ImportField.Name);
        _draft.Add(first);
        _draft.Add(Received("salon.csv", ImportField.City));
        Assert.Equal(ImportField.Name, Assert.Single(_draft.Columns));

        _draft.Remove(first);

        Assert.Null(_draft.Problem);
        Assert.Equal(ImportField.City, Assert.Single(_draft.Columns));
    }

    [Fact]
    public void Two_complements_of_one_kind_are_one_too_many()
    {
        _draft.Add(Received("id.csv", ImportField.Name, ImportFormat.Sae));
        _draft.Add(Received("mco-2022.csv", ImportField.Name, ImportFormat.SaeBeds));
        Assert.Null(_draft.Problem);

        _draft.Add(Received("mco-2023.csv", ImportField.Name, ImportFormat.SaeBeds));

        Assert.Contains("même complément", _draft.Problem, StringComparison.Ordinal);
    }

    private static ImportInspection Received(string name, ImportField field, ImportFormat format = ImportFormat.Csv)
        => new(new ImportFile($"/tmp/{Guid.NewGuid():N}", name), format, ImportSubject.Institutions, "", 1, ["A"], [], [new ColumnGuess(0, "A", field, 1)], Remembered: null);
}
