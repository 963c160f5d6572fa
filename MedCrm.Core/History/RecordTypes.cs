using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;

namespace MedCrm.Core.History;

/// <summary>What the history says of a kind of record: its French noun, where it is opened, and the right that changing it takes.</summary>
public sealed record RecordType(string Name, string Noun, string Nouns, string? Address = null, Right? Edits = null);

/// <summary>The kinds of records that the history knows, one line each.</summary>
public static class RecordTypes
{
    private static readonly Dictionary<string, RecordType> s_known = new RecordType[]
    {
        new(nameof(Institution), "établissement", "établissements", "/institutions/{0}", Right.EditCustomers),
        new(nameof(Contact), "contact", "contacts", "/contacts/{0}", Right.EditCustomers),
        new(nameof(Opportunity), "affaire", "affaires", "/opportunities/{0}", Right.EditSales),
        new(nameof(FollowUpTask), "tâche", "tâches", FollowUpTask.Address),
        new(nameof(TaskSeries), "série de tâches", "séries de tâches"),
        new(nameof(Activity), "activité", "activités", Activity.Address, Right.EditCustomers),
        new(nameof(Document), "document", "documents", Document.Address, Right.EditCustomers),
        new(nameof(DuplicatePair), "paire de fiches", "paires de fiches", null, Right.EditCustomers),
        new(nameof(MergedRecord), "fusion", "fusions"),
        new(nameof(SavedView), "vue", "vues"),
        new(nameof(Segment), "segment", "segments", "/segments/{0}"),
        new(nameof(Stage), "étape", "étapes", null, Right.Administer),
        new(nameof(User), "compte", "comptes", null, Right.Administer),
        new(nameof(Team), "équipe", "équipes", null, Right.Administer),
        new(nameof(RolePolicy), "droits d'un rôle", "droits des rôles", null, Right.Administer),
        new(nameof(ScoringPolicy), "réglage des scores", "réglages des scores", null, Right.Administer),
        new(nameof(CatalogItem), "article", "articles", "/catalog/{0}", Right.EditCatalog),
        new(nameof(Quote), "devis", "devis", "/quotes/{0}", Right.EditQuotes),
        new(nameof(Invoice), "facture", "factures", "/invoices/{0}", Right.EditInvoices),
        new(nameof(Payment), "règlement", "règlements", null, Right.EditInvoices),
        new(nameof(Company), "société", "sociétés", null, Right.Administer),
        new(nameof(DunningLetter), "relance", "relances", DunningLetter.Address, Right.EditInvoices),
        new(nameof(DunningNotice), "relance", "relances"),
        new(nameof(DunningPolicy), "réglage des relances", "réglages des relances", null, Right.Administer),
        new(nameof(AccountPlan), "plan comptable", "plans comptables", null, Right.Administer),
        new(nameof(PenaltyRate), "taux", "taux", null, Right.Administer),
        new(nameof(BillingProfile), "profil de facturation", "profils de facturation", null, Right.EditCustomers),
        new(nameof(Contract), "contrat", "contrats", "/contracts/{0}", Right.EditContracts),
        new(nameof(IndexValue), "indice", "indices", null, Right.EditContracts),
        new(nameof(ContractLine), "ligne", "lignes"),
        new(nameof(Amendment), "avenant", "avenants"),
        new(nameof(ContractPeriod), "période", "périodes"),
        new(nameof(ContractEvent), "événement", "événements"),
        new(nameof(ContractLetter), "e-mail préparé", "e-mails préparés"),
        new(nameof(IndexRevision), "révision", "révisions"),
        new(nameof(QuoteLine), "ligne", "lignes"),
        new(nameof(InvoiceLine), "ligne", "lignes"),
        new(nameof(InvoiceDeposit), "acompte déduit", "acomptes déduits"),
        new(nameof(PaymentAllocation), "affectation", "affectations"),
        new(nameof(InstitutionLabel), "étiquette", "étiquettes"),
        new(nameof(ContactLabel), "étiquette", "étiquettes"),
        new(nameof(ContactRole), "poste", "postes"),
        new(nameof(OpportunityLabel), "étiquette", "étiquettes"),
        new(nameof(OpportunityLine), "ligne", "lignes"),
        new(nameof(OpportunityContact), "contact associé", "contacts associés"),
        new(nameof(TaskStep), "sous-tâche", "sous-tâches"),
        new(nameof(ActivityPerson), "participant", "participants"),
        new(nameof(ActivityLabel), "étiquette", "étiquettes"),
        new(nameof(StageChange), "passage d'étape", "passages d'étape"),
        new(nameof(DocumentVersion), "version", "versions"),
        new(nameof(StageRequirement), "exigence", "exigences"),
    }.ToDictionary(type => type.Name);

    private static readonly Dictionary<string, Type> s_types = typeof(RecordTypes).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRecorded)))
        .ToDictionary(type => type.Name);

    /// <summary>The records that have a history of their own, for filters.</summary>
    public static IReadOnlyList<RecordType> Wholes { get; } = [.. s_known.Values.Where(type => s_types.TryGetValue(type.Name, out var clr) && !clr.IsAssignableTo(typeof(IRecordedPart)))];

    /// <summary>What is known of a type by its name; a type without a line here is called by its name.</summary>
    public static RecordType Of(string name) => s_known.TryGetValue(name, out var known) ? known : new RecordType(name, name, name);

    /// <summary>The address of a record's page, or null when it has none.</summary>
    public static string? AddressOf(string name, Guid id) => Of(name).Address is { } address ? string.Format(null, address, id) : null;

    /// <summary>The entity type behind a name; null when the product no longer has it.</summary>
    public static Type? ClrTypeOf(string name) => s_types.GetValueOrDefault(name);

    /// <summary>« 1 affaire », « 3 affaires ».</summary>
    public static Sentence Count(string name, int count) => count == 1 ? (Sentence)$"1 {(Sentence)Of(name).Noun}" : $"{count} {(Sentence)Of(name).Nouns}";

    /// <summary>Why a value never comes back alone, or null when it may.</summary>
    internal static string? WhyNotAlone(Type type, string property) => type.GetProperty(property)?.GetCustomAttribute<ReturnsWithGestureAttribute>()?.Sentence;
}
