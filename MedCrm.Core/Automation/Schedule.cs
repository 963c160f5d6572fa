using MedCrm.Core.Contracting;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.FollowUp;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;
using MedCrm.Core.Signing;

namespace MedCrm.Core.Automation;

/// <summary>
/// Everything the product does by itself, every day, at an hour of the team's time zone (Europe/Paris unless configured). Nothing stands
/// between 02:00 and 03:00, an hour that the clock changes skip or repeat.
/// </summary>
public static class Schedule
{
    /// <summary>The reminders, whose state everybody sees beside the bell.</summary>
    public static ScheduledJob Reminders { get; } = new(
        "reminders",
        new TimeOnly(9, 0),
        "Rappels",
        "Prévient chacun de ses tâches à faire et de ses prochaines actions arrivées à échéance.",
        (turn, token) => turn.Door<Reminders>().SendAsync(turn.Day, token));

    /// <summary>The search for look-alikes, which people also start by hand.</summary>
    public static ScheduledJob Duplicates { get; } = new(
        "find-duplicates",
        new TimeOnly(4, 30),
        "Recherche de doublons",
        "Compare les établissements et les contacts qui se ressemblent, et met à jour la file des doublons probables.",
        async (turn, token) => DuplicateSearch.Sentence(await turn.Door<DuplicateSearch>().RunAsync(token)));

    /// <summary>The table: name, hour, title, what it does, the door it opens.</summary>
    public static IReadOnlyList<ScheduledJob> Jobs { get; } =
    [
        new(
            "backup",
            new TimeOnly(3, 15),
            "Sauvegarde de la nuit",
            "Copie vérifiée de la base, des fichiers et des clés ; retire les copies de plus de quatorze jours.",
            async (turn, token) => $"Sauvegarde {(await turn.Door<Backups>().NightlyAsync(token)).Name}.{ReportOf(await turn.Door<StoredFiles>().LookAsync(token))}"),
        new(
            "purge-bin",
            new TimeOnly(3, 30),
            "Corbeille",
            "Retire pour de bon ce qui est à la corbeille depuis plus de trente jours.",
            async (turn, token) =>
            {
                var purged = await turn.Door<Bin>().PurgeAsync(token);
                await turn.Door<Notifications>().PurgeAsync(token);
                await turn.Door<Outbox>().PurgeAsync(token);
                return purged > 0 ? $"Fiches retirées de la corbeille : {purged}." : "Rien à retirer de la corbeille.";
            }),
        new(
            "signature-certificates",
            new TimeOnly(5, 10),
            "Certificats de signature",
            "Imprime et envoie les certificats de signature qu'un arrêt du serveur aurait laissés en attente.",
            async (turn, token) => await turn.Door<Signatures>().FinishAllAsync(token) is > 0 and var done ? $"Certificats en attente repris : {done}." : "Aucun certificat en attente."),
        new(
            "print-invoices",
            new TimeOnly(3, 45),
            "Impression des factures",
            "Fabrique et conserve le PDF des factures émises dont l'impression n'avait pas abouti.",
            async (turn, token) => await turn.Door<InvoicePrints>().KeepMissingAsync(token) is > 0 and var kept ? $"Factures imprimées : {kept}." : "Aucune facture à imprimer."),
        new(
            "scores",
            new TimeOnly(4, 0),
            "Scores",
            "Calcule la santé et le potentiel de chaque établissement.",
            async (turn, token) => await turn.Door<Scores>().ComputeAsync(null, token) is > 0 and var changed ? $"Scores qui ont changé : {changed}." : "Aucun score n'a changé."),
        Duplicates,
        new(
            "segments",
            new TimeOnly(4, 30),
            "Segments",
            "Note qui est entré dans chaque segment, et qui en est sorti.",
            (turn, token) => turn.Door<SegmentMoves>().FollowAsync(turn.Day, token)),
        new(
            "contracts",
            new TimeOnly(6, 0),
            "Contrats",
            "Reconduit ou termine les contrats arrivés à échéance, prévient des échéances et des préavis, prépare les e-mails et les révisions de prix.",
            (turn, token) => turn.Door<ContractWatch>().FollowAsync(turn.Day, token)),
        new(
            "contract-invoices",
            new TimeOnly(6, 30),
            "Factures des contrats",
            "Prépare, quelques jours à l'avance, les brouillons de facture des contrats.",
            (turn, token) => turn.Door<RecurringInvoices>().PrepareAsync(turn.Day, token)),
        new(
            "dunning",
            new TimeOnly(8, 30),
            "Relances",
            "Prépare les relances des factures, un message par payeur, les jours travaillés ; envoie celles que les réglages laissent partir.",
            (turn, token) => turn.Door<DunningRun>().PrepareAsync(turn.Day, turn.Door<Dunnings>(), token)),
        Reminders,
    ];

    private static string ReportOf(StoredFilesState files)
        => files.IsRight ? "" : $" Fichiers manquants : {files.Missing.Count}, sans fiche : {files.Strays.Count}.";

    /// <summary>The job of that name, or null.</summary>
    public static ScheduledJob? Find(string name) => Jobs.FirstOrDefault(job => job.Name == name);
}
