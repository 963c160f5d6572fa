using System.Text.RegularExpressions;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Dunning;

/// <summary>A field that a text may hold: « {{total}} », and what it becomes, in French.</summary>
public sealed record DunningField(string Name, string Meaning)
{
    /// <summary>As it is typed.</summary>
    public string Typed => $"{{{{{Name}}}}}";
}

/// <summary>The texts of reminders: the fields they may hold, the usual words, and how they are filled.</summary>
public static partial class DunningTexts
{
    private const string OthersField = "autres_factures";

    /// <summary>Every field.</summary>
    public static IReadOnlyList<DunningField> Fields { get; } =
    [
        new("client", "Le nom du payeur"),
        new("factures", "Les factures, une par ligne, avec ce qui reste dû"),
        new(OthersField, "Les autres factures à régler, s'il y en a"),
        new("total", "Ce qui reste dû de ces factures, TTC"),
        new("echeance", "La plus ancienne échéance"),
        new("retard", "Le plus long retard, en jours"),
        new("penalites", "Les pénalités et l'indemnité, si elles sont réclamées"),
        new("total_avec_penalites", "Le total, pénalités comprises si elles sont réclamées"),
        new("date_limite", "Le dernier jour pour payer (mise en demeure)"),
        new("banque", "L'IBAN et le BIC de la société"),
        new("societe", "Le nom de la société"),
    ];

    /// <summary>The first field of a text that does not exist, as typed; null when all do.</summary>
    public static string? UnknownIn(string text) => Form().Matches(text).Select(match => match.Value).FirstOrDefault(typed => Fields.All(field => field.Name != NameOf(typed)));

    /// <summary>A body that tells the other invoices too: they count as reminded. Where it has no field for them they follow the list, or end the text.</summary>
    public static string WithOthers(string body)
        => Form().Matches(body).Any(match => NameOf(match.Value) == OthersField) ? body
            : Form().Matches(body).FirstOrDefault(match => NameOf(match.Value) == "factures") is { } list ? body.Insert(list.Index + list.Length, $"\n\n{{{{{OthersField}}}}}")
            : $"{body}\n\n{{{{{OthersField}}}}}";

    /// <summary>A text with its fields filled. A line that holds nothing but an empty field goes, with the blank line before it.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var filled = Form().Replace(line, match => values.GetValueOrDefault(NameOf(match.Value), ""));
            if (filled.Trim().Length > 0 || line.Trim().Length == 0)
            {
                // Two blank lines never follow each other.
                if (filled.Trim().Length > 0 || (lines.Count > 0 && lines[^1].Length > 0))
                {
                    lines.Add(filled.TrimEnd());
                }
            }
        }

        return string.Join('\n', lines).Trim();
    }

    /// <summary>The usual ways of a profile.</summary>
    public static DunningPolicyDetails Usual(PayerProfile profile) => profile is PayerProfile.Private
        ? new DunningPolicyDetails
        {
            CourtesyOn = true,
            CourtesyDays = -3,
            CourtesySubject = "Échéance du {{echeance}} : {{total}}",
            CourtesyBody = Courtesy,
            FirmOn = true,
            FirmDays = 7,
            FirmSubject = "Relance : {{total}} en attente de règlement",
            FirmBody = FirmStart + "Les pénalités de retard courent depuis le lendemain de l'échéance, sans qu'un rappel soit nécessaire, et une indemnité forfaitaire de 40 € par facture est due pour frais de recouvrement (C. com. art. L441-10 et D441-5).\n{{penalites}}\n\n" + FirmEnd,
            FormalOn = true,
            FormalDays = 30,
            FormalSubject = "Mise en demeure de payer {{total}}",
            FormalBody = FormalStart + "{{penalites}}\n\nÀ défaut de règlement dans ce délai, nous engagerons sans autre avis les voies de recouvrement qui nous sont ouvertes, et les intérêts continueront de courir (C. com. art. L441-10).\n\n" + End,
            FinalDays = 8,
            ClaimsPenalties = true,
        }
        : new DunningPolicyDetails
        {
            CourtesyOn = false,
            CourtesyDays = -3,
            CourtesySubject = "Échéance du {{echeance}} : {{total}}",
            CourtesyBody = Courtesy,
            FirmOn = true,
            FirmDays = 15,
            FirmSubject = "Suivi de paiement : {{total}}",
            FirmBody = FirmStart + "Pouvez-vous nous indiquer leur état d'avancement (service fait, mandatement, rejet éventuel) ?\n{{penalites}}\n\n" + FirmEnd,
            FormalOn = true,
            FormalDays = 45,
            FormalSubject = "Mise en demeure de payer {{total}}",
            FormalBody = FormalStart + "Le délai de paiement étant dépassé, les intérêts moratoires et l'indemnité forfaitaire de 40 € par facture sont dus de plein droit (CCP art. L2192-13).\n{{penalites}}\n\n" + End,
            FinalDays = 15,
            ClaimsPenalties = true,
        };

    private const string End = "{{banque}}\n\nCordialement,\n{{societe}}";

    private const string Courtesy = "Bonjour,\n\nSauf erreur de notre part, ces factures arrivent à échéance :\n\n{{factures}}\n\nTotal à régler : {{total}}.\n\nSi votre règlement est déjà parti, ne tenez pas compte de ce message.\n\n" + End;

    private const string FirmStart = "Bonjour,\n\nCes factures sont échues et nous n'avons pas reçu leur règlement :\n\n{{factures}}\n\nTotal dû : {{total}}.\n\n";

    private const string FirmEnd = "{{autres_factures}}\n\nMerci de procéder au règlement, ou de nous dire ce qui le retient.\n\n" + End;

    private const string FormalStart = "Madame, Monsieur,\n\nMalgré nos relances, ces factures restent impayées :\n\n{{factures}}\n\nLa présente vaut mise en demeure (C. civ. art. 1344) : nous vous demandons de régler {{total}} au plus tard le {{date_limite}}.\n\n{{autres_factures}}\n\n";

    private static string NameOf(string typed) => typed[2..^2].Trim();

    [GeneratedRegex(@"\{\{[^{}\n]*\}\}")]
    private static partial Regex Form();
}
