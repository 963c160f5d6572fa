using System.Globalization;
using System.Text;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Imports;

namespace MedCrm.Web.Bench;

/// <summary>Files in the form of the official SAE list, made up to be measured: numbers with their key, names and addresses of the usual length.</summary>
internal static class BenchInstitutions
{
    /// <summary>Rows of one file.</summary>
    public const int Rows = 10_000;

    private static readonly string[] s_categories = ["355", "109", "146", "365", "161", "101", "106"];
    private static readonly string[] s_names = ["CENTRE HOSPITALIER", "CLINIQUE", "HOPITAL PRIVE", "CENTRE DE SOINS", "POLYCLINIQUE", "HOPITAL LOCAL"];
    private static readonly string[] s_places = ["SAINT-JEAN", "DES TILLEULS", "DU VAL FLEURI", "BEAUSEJOUR", "NOTRE-DAME", "DE LA ROCHE", "DU GRAND PARC"];

    /// <summary>Writes a file whose rows are numbered from <paramref name="first"/>, so that no two files name the same institution; <paramref name="mark"/> ends each name.</summary>
    public static ImportFile Write(string folder, int first, string mark)
    {
        var path = Path.Combine(folder, $"sae-{first}{mark}.csv");
        var departments = Departments.All.Where(department => department.Code.Length == 2 && department.Code.All(char.IsAsciiDigit)).Select(department => department.Code).ToArray();
        using var file = new StreamWriter(path, append: false, Encoding.UTF8);
        file.WriteLine("fi;fi_ej;rs;cat;stj;stjr;nat;sir;dep;COMINSEE;NUMVOI;TYPVOI;NOMVOI;BP;CPO;LIBCOM");
        for (var number = first; number < first + Rows; number++)
        {
            var department = departments[number % departments.Length];
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Keyed($"{department}{number:D6}")};{Keyed($"{department}{900_000 + (number % 90_000):D6}")};{s_names[number % 6]} {s_places[number % 7]} {number}{mark};{s_categories[number % 7]};{(number % 2 == 0 ? "13" : "73")};{1 + (number % 3)};0;;{department};{department}001;{1 + (number % 90)};R;DE LA REPUBLIQUE;BP {number % 999};{department}000;VILLE {number % 1_200} CEDEX"));
        }

        return new ImportFile(path, Path.GetFileName(path));
    }

    private static string Keyed(string number) => number + Enumerable.Range(0, 10).First(key => Finess.IsValid($"{number}{key}"));
}
