using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Web.Imports;

/// <summary>What somebody is in the middle of preparing: the files received, the meaning of columns and values.</summary>
public sealed class ImportDraft
{
    private readonly List<ImportInspection> _files = [];

    /// <summary>Every file received.</summary>
    public IReadOnlyList<ImportInspection> Files => _files;

    /// <summary>The file of institutions or contacts, or null while only companions are there.</summary>
    public ImportInspection? Main => _files.Find(file => !ImportFormats.IsCompanion(file.Format));

    /// <summary>The files that complete it.</summary>
    public IReadOnlyList<ImportInspection> Companions => [.. _files.Where(file => ImportFormats.IsCompanion(file.Format))];

    /// <summary>What the rows describe.</summary>
    public ImportSubject Subject => Main?.Subject ?? ImportSubject.Institutions;

    /// <summary>The field that each column feeds; null for one that is left out.</summary>
    public ImportField?[] Columns { get; private set; } = [];

    /// <summary>What the texts nobody knew stand for; an empty meaning leaves the field alone.</summary>
    public Dictionary<(ImportField Field, string Text), string> Values { get; } = [];

    /// <summary>Whether an empty cell empties the field.</summary>
    public bool ClearsEmpty { get; set; }

    /// <summary>Whether the columns are those of last time.</summary>
    public bool IsRemembered => Main?.Remembered is not null;

    /// <summary>Whether somebody has to say what the columns mean.</summary>
    public bool IsFree => Main is { } main && !ImportFormats.IsOfficial(main.Format);

    /// <summary>Why the import cannot go on from the files, or null.</summary>
    public string? Problem => Main switch
    {
        null when _files.Count > 0 => "Ce fichier complète le fichier d'identité de la SAE : ajoutez celui-ci.",
        not null when _files.Count > Companions.Count + 1 => "Un import porte sur une seule liste : retirez les autres, vous les importerez ensuite une à une.",
        not null when Companions.DistinctBy(companion => companion.Format).Count() < Companions.Count => "Le même complément est là deux fois : retirez l'un des deux.",
        { Format: not ImportFormat.Sae } when Companions.Count > 0 => "Les fichiers MCO et BLOCS complètent seulement le fichier d'identité de la SAE : retirez-les.",
        _ => null,
    };

    /// <summary>Why no row can be imported with the columns chosen, or null.</summary>
    public string? MissingColumn => !IsFree || Array.Exists(Columns, column => column is { } chosen && ImportFields.Naming(Subject).Contains(chosen))
        ? null
        : Subject switch
        {
            ImportSubject.Contacts => "Choisissez la colonne du nom du contact, de son numéro RPPS ou de son e-mail : sans elle, rien ne peut être importé.",
            ImportSubject.Catalog => "Choisissez la colonne de la référence de l'article ou de son nom : sans elle, rien ne peut être importé.",
            _ => "Choisissez la colonne du nom de l'établissement, de son numéro FINESS ou de son SIRET : sans elle, rien ne peut être importé.",
        };

    /// <summary>Adds a file to the others; one of the same name is replaced and returned, so that it can be removed.</summary>
    public ImportInspection? Add(ImportInspection file)
    {
        var main = Main;
        var replaced = Named(file.File.Name);
        if (replaced is not null)
        {
            _files.Remove(replaced);
        }

        _files.Add(file);
        PrepareUnless(main);
        return replaced;
    }

    /// <summary>The file of a name, whatever its case; null when there is none.</summary>
    public ImportInspection? Named(string name) => _files.Find(known => string.Equals(known.File.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same file, looked at for another subject.</summary>
    public void Retell(ImportInspection file)
    {
        var main = Main;
        _files[_files.FindIndex(known => known.File == file.File)] = file;
        PrepareUnless(main);
    }

    /// <summary>Takes a file away.</summary>
    public void Remove(ImportInspection file)
    {
        var main = Main;
        _files.Remove(file);
        PrepareUnless(main);
    }

    /// <summary>Gives a column a field; the column that had it loses it.</summary>
    public void Match(int column, ImportField? field)
    {
        for (var other = 0; other < Columns.Length; other++)
        {
            if (field is not null && Columns[other] == field)
            {
                Columns[other] = null;
            }
        }

        Columns[column] = field;
    }

    /// <summary>The order to check or run.</summary>
    public ImportOrder Order() => new()
    {
        File = Main!.File,
        Subject = Subject,
        Companions = [.. Companions.Select(companion => companion.File)],
        Format = Main.Format,
        Mapping = IsFree
            ? new ImportMapping { Columns = Columns.Index().Where(column => column.Item is not null).ToDictionary(column => column.Index, column => column.Item!.Value), Values = new Dictionary<(ImportField, string), string>(Values) }
            : null,
        ClearsEmpty = ClearsEmpty,
        RemovesFiles = true,
    };

    // What somebody chose for a list stays as long as the list does.
    private void PrepareUnless(ImportInspection? main)
    {
        if (Main is not { } file || ReferenceEquals(file, main))
        {
            return;
        }

        Columns = FirstColumns(file);
        Values.Clear();
        foreach (var (key, meaning) in file.Remembered?.Values ?? new Dictionary<(ImportField, string), string>())
        {
            Values[key] = meaning;
        }
    }

    private static ImportField?[] FirstColumns(ImportInspection file)
        => [.. file.Guesses.Select(guess => file.Remembered is { } known
            ? known.Columns.TryGetValue(guess.Column, out var field) ? field : (ImportField?)null
            : guess.Confidence >= 0.5 ? guess.Field : null)];
}
