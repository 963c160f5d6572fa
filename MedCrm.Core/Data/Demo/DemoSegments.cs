using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using MedCrm.Core.Segments;

namespace MedCrm.Core.Data.Demo;

// Those that a sales team asks for first.
internal static class DemoSegments
{
    // Pays de la Loire, Bretagne, Normandie.
    private static readonly string[] s_west = ["52", "53", "28"];

    private static readonly SegmentRelated s_noExchange = new("activities", RelatedCount.None, 1, [Is("exchange", "true")], ListFilter.Between("at", "today-90", "today"));

    public static IReadOnlyList<SegmentDetails> All { get; } =
    [
        new()
        {
            Name = "Clients silencieux",
            Description = "Clients à rappeler : plus d'échange depuis trois mois, ou une santé qui se dégrade.",
            Subject = SegmentSubject.Institution,
            Sharing = ViewSharing.All,
            Conditions = SegmentGroup.All(
                Is("status", nameof(CustomerStatus.Customer)),
                SegmentGroup.Any(s_noExchange, new SegmentCondition(ListFilter.Between("health", null, "49")))),
        },
        new()
        {
            Name = "Prospects chauds sans affaire",
            Description = "Ils sont prêts, et rien n'est en cours chez eux.",
            Subject = SegmentSubject.Institution,
            Sharing = ViewSharing.All,
            Conditions = SegmentGroup.All(
                Is("status", nameof(CustomerStatus.HotProspect)),
                new SegmentRelated("opportunities", RelatedCount.None, 1, [Is("outcome", nameof(StageOutcome.Open))])),
        },
        new()
        {
            Name = "Grands établissements de l'Ouest",
            Description = "Pays de la Loire, Bretagne et Normandie, à partir de 300 lits.",
            Subject = SegmentSubject.Institution,
            Sharing = ViewSharing.All,
            Conditions = SegmentGroup.All(new SegmentCondition(ListFilter.Between("beds", "300", null)), Is("region", s_west)),
        },
        new()
        {
            Name = "Décideurs sans échange depuis 90 jours",
            Description = "Ceux qui signent, et à qui personne n'a parlé depuis trois mois.",
            Subject = SegmentSubject.Contact,
            Sharing = ViewSharing.All,
            Conditions = SegmentGroup.All(Is("influence", nameof(Influence.DecisionMaker)), s_noExchange),
        },
    ];

    private static SegmentCondition Is(string field, params string[] values) => new(new ListFilter(field, FilterOperator.AnyOf, values));
}
