using System.Diagnostics;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary><c>import institutions FILE [--format sae|finess|finess-json|csv|xlsx] [--with FILE...]</c>, <c>import contacts|catalog FILE [--format csv|xlsx]</c>: the wizard's engine without the browser.</summary>
internal sealed class ImportCommand(ImportOrders imports) : IConsoleCommand
{
    private const string Usage = "Usage : import institutions FICHIER [--format sae|finess|finess-json|csv|xlsx] [--with FICHIER...]\n        import contacts|catalog FICHIER [--format csv|xlsx]";

    private static readonly Dictionary<string, ImportSubject> s_subjects = new()
    {
        ["institutions"] = ImportSubject.Institutions,
        ["contacts"] = ImportSubject.Contacts,
        ["catalog"] = ImportSubject.Catalog,
    };

    private static readonly Dictionary<string, ImportFormat> s_formats = new()
    {
        ["sae"] = ImportFormat.Sae,
        ["finess"] = ImportFormat.Finess,
        ["finess-json"] = ImportFormat.FinessJson,
        ["csv"] = ImportFormat.Csv,
        ["xlsx"] = ImportFormat.Xlsx,
    };

    /// <inheritdoc/>
    public string Name => "import";

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (Arguments.Read(args) is not { } arguments)
        {
            await output.WriteLineAsync(Usage);
            return 1;
        }

        var order = await OrderAsync(arguments, output, cancellationToken);
        var shown = 0;
        var start = Stopwatch.GetTimestamp();
        var counts = await imports.RunAsync(order, Show, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await output.WriteLineAsync(string.Create(FrenchNumbers.Culture, $"{counts.Rows:N0} lignes en {seconds:N1} s, {counts.Rows / seconds:N0} par seconde"));
        await output.WriteLineAsync($"created={counts.Created} updated={counts.Updated} unchanged={counts.Unchanged} skipped={counts.Skipped} errors={counts.Errors} warnings={counts.Warnings}");
        return 0;

        void Show(ImportCounts sofar)
        {
            if (sofar.Rows - shown >= 1_000)
            {
                shown = sofar.Rows;
                output.WriteLine($"{sofar.Rows} lignes");
            }
        }
    }

    private async Task<ImportOrder> OrderAsync(Arguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var file = FileAt(arguments.File);
        var inspection = await imports.InspectAsync(file, ImportLimits.Command, arguments.Subject, cancellationToken);
        var format = arguments.Format ?? inspection.Format;
        await output.WriteLineAsync($"{file.Name} : {ImportFormats.Label(format)}, {inspection.Reading}");
        var isFree = format is ImportFormat.Csv or ImportFormat.Xlsx;
        if (isFree ? inspection.Headers.Count == 0 : format != inspection.Format)
        {
            throw new ImportFileException($"Ce fichier n'est pas au format « {ImportFormats.Label(format)} » : c'est « {ImportFormats.Label(inspection.Format)} ».");
        }

        if (!isFree && arguments.Subject is not ImportSubject.Institutions)
        {
            throw new ImportFileException($"Ce fichier est une liste d'établissements ({ImportFormats.Label(format)}) : il ne contient aucun {(arguments.Subject is ImportSubject.Contacts ? (Sentence)"contact" : "article")}.");
        }

        return new ImportOrder
        {
            File = file,
            Subject = arguments.Subject,
            Companions = [.. arguments.Companions.Select(FileAt)],
            Format = format,
            Mapping = isFree ? ImportMapping.From(inspection.Guesses.Count > 0 ? inspection.Guesses : ColumnGuesser.Guess(inspection.Headers, inspection.Sample, arguments.Subject)) : null,
            Limits = ImportLimits.Command,
        };
    }

    private static ImportFile FileAt(string path)
        => File.Exists(path) ? new ImportFile(Path.GetFullPath(path), Path.GetFileName(path)) : throw new ImportFileException($"Le fichier {path} est introuvable.");

    private sealed record Arguments(ImportSubject Subject, string File, ImportFormat? Format, IReadOnlyList<string> Companions)
    {
        /// <summary>What was asked, or null when it is not understood.</summary>
        public static Arguments? Read(string[] args)
        {
            if (args is not [var named, var file, .. var options] || !s_subjects.TryGetValue(named, out var subject) || file.StartsWith("--", StringComparison.Ordinal))
            {
                return null;
            }

            ImportFormat? format = null;
            var companions = new List<string>();
            for (var index = 0; index < options.Length; index++)
            {
                switch (options[index])
                {
                    case "--format" when index + 1 < options.Length && s_formats.TryGetValue(options[index + 1], out var known):
                        format = known;
                        index++;
                        break;
                    case "--with" when index + 1 < options.Length:
                        while (index + 1 < options.Length && !options[index + 1].StartsWith("--", StringComparison.Ordinal))
                        {
                            companions.Add(options[++index]);
                        }

                        break;
                    default:
                        return null;
                }
            }

            return new Arguments(subject, file, format, companions);
        }
    }
}
