using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Segments;

namespace MedCrm.Tests.Segments;

public sealed class SegmentRulesTests
{
    private static readonly Actor s_claire = new(Guid.NewGuid(), "Claire", Role.Sales, Guid.NewGuid(), Visibility.Team);

    [Fact]
    public void Conditions_come_back_as_they_were_written()
    {
        var conditions = SegmentGroup.All(
            Field("status", FilterOperator.NoneOf, "Customer", "HotProspect"),
            Field("city", FilterOperator.Contains, "l'été, \"à\" \\ !~.."),
            new SegmentGroup(true, true,
            [
                new SegmentCondition(ListFilter.Between("beds", null, "49.5")),
                Field("tags", FilterOperator.Empty),
                new SegmentRelated("activities", RelatedCount.None, 1, [Field("exchange", FilterOperator.AnyOf, "true")], ListFilter.Between("at", "today-90", "today")),
                new SegmentRelated("opportunities", RelatedCount.AtLeast, 3, []),
                SegmentGroup.Any(Field("owner", FilterOperator.AnyOf, ListFilter.Me)),
            ]),
            new SegmentCondition("health", null));

        var text = SegmentText.Write(conditions);
        var read = SegmentText.Read(text);

        Assert.Equal(text, SegmentText.Write(read));
        var city = Assert.IsType<SegmentCondition>(read.Parts[1]);
        Assert.Equal(new ListFilter("city", FilterOperator.Contains, "l'été, \"à\" \\ !~.."), city.Filter);
        var group = Assert.IsType<SegmentGroup>(read.Parts[2]);
        Assert.Equal((true, true, 5), (group.IsAny, group.IsNegated, group.Parts.Count));
        var related = Assert.IsType<SegmentRelated>(group.Parts[2]);
        Assert.Equal((RelatedCount.None, ListFilter.Between("at", "today-90", "today")), (related.Count, related.Period));
        Assert.Null(Assert.IsType<SegmentCondition>(read.Parts[3]).Filter);
    }

    [Theory]
    [InlineData("", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("null", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("[1, 2]", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[""", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("""{"version":"un","root":{"match":"all","parts":[]}}""", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("""{"version":2,"root":{"match":"all","parts":[]}}""", "Ces conditions ont été écrites par une version plus récente de MedCRM.")]
    [InlineData("""{"version":1,"root":{"match":"some","parts":[]}}""", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[3]}}""", "Cette condition est illisible.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"field":"beds","operator":"Near","values":["3"]}]}}""", "La comparaison « Near » n'existe pas.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"field":"beds","operator":"Between","values":[3,4]}]}}""", "Cette condition est illisible.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"field":"moons","operator":"Empty","values":[]}]}}""", "Le champ « moons » n'existe pas, ou plus.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"field":"beds","field":"city"}]}}""", "Les conditions enregistrées sont illisibles : effacez-les et recommencez.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"related":"ships","count":"None","number":1,"filters":[]}]}}""", "Ce segment ne sait pas compter « ships ».")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"related":"tasks","count":"Many","number":1,"filters":[]}]}}""", "La comparaison « Many » n'existe pas.")]
    [InlineData("""{"version":1,"root":{"match":"all","parts":[{"related":"tasks","count":"None","filters":[{"match":"all","parts":[]}]}]}}""", "Cette condition est illisible.")]
    public void What_cannot_be_read_is_told_in_a_sentence(string text, string sentence)
    {
        var conditions = SegmentText.Read(text);

        Assert.Equal(sentence, Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Institution, conditions)).Sentence.ToString());
        // It is kept as it is until somebody takes it out.
        Assert.NotEmpty(conditions.Parts);
    }

    [Theory]
    [InlineData("status", FilterOperator.AnyOf, "Emperor", "La valeur « Emperor » n'existe pas, ou plus.")]
    [InlineData("status", FilterOperator.Contains, "Cust", "« Statut » ne se compare pas ainsi.")]
    [InlineData("owner", FilterOperator.AnyOf, "Claire", "La valeur « Claire » n'existe pas, ou plus.")]
    [InlineData("tags", FilterOperator.AnyOf, "", "Choisissez au moins une valeur.")]
    [InlineData("city", FilterOperator.Contains, "", "Indiquez le texte à chercher.")]
    [InlineData("beds", FilterOperator.Between, "..", "Indiquez une borne au moins.")]
    [InlineData("beds", FilterOperator.Between, "deux..", "Ce n'est pas un nombre.")]
    [InlineData("beds", FilterOperator.Between, "50..10", "La première borne dépasse la seconde.")]
    [InlineData("next-audit", FilterOperator.Between, "31/12/2026..", "Ce n'est pas une date.")]
    [InlineData("next-audit", FilterOperator.Between, "today..today-3", "La première borne dépasse la seconde.")]
    [InlineData("next-audit", FilterOperator.Between, "2026-12-31..2026-01-01", "La première borne dépasse la seconde.")]
    [InlineData("segment", FilterOperator.NotEmpty, "", "Un segment n'est pas fait d'autres segments.")]
    [InlineData("import-created", FilterOperator.AnyOf, "hier", "La valeur « hier » n'existe pas, ou plus.")]
    public void A_condition_that_makes_no_sense_is_told_in_its_place(string field, FilterOperator comparison, string values, string sentence)
    {
        var filter = comparison is FilterOperator.Between ? ListFilter.Between(field, values.Split("..")[0], values.Split("..")[1]) : new ListFilter(field, comparison, values.Length == 0 ? [] : [values]);

        var defect = Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Institution, SegmentGroup.All(Field("city", FilterOperator.Empty), SegmentGroup.Any(new SegmentCondition(filter)))));

        Assert.Equal(("1/0", sentence, false), (defect.Path, defect.Sentence.ToString(), defect.IsUnfinished));
    }

    [Fact]
    public void Good_conditions_are_left_in_peace()
        => Assert.Empty(SegmentRules.DefectsOf(SegmentSubject.Institution, SegmentGroup.All(
            Field("status", FilterOperator.AnyOf, "Customer"),
            Field("owner", FilterOperator.NoneOf, ListFilter.Me, Guid.NewGuid().ToString()),
            new SegmentCondition(ListFilter.Between("next-audit", "month", "month")),
            new SegmentCondition(ListFilter.Between("next-audit", "today-3", "today")),
            new SegmentCondition(ListFilter.Between("next-audit", "2026-01-01", "today")))));

    [Fact]
    public void Counting_asks_for_a_number_that_says_something()
    {
        Assert.Equal("« Au moins 0 » est toujours vrai : indiquez 1 ou plus.", Sentence(new SegmentRelated("tasks", RelatedCount.AtLeast, 0, [])));
        Assert.Equal("Indiquez un nombre entre 0 et 10000.", Sentence(new SegmentRelated("tasks", RelatedCount.AtMost, -1, [])));
        Assert.Equal("Cette période est illisible.", Sentence(new SegmentRelated("tasks", RelatedCount.None, 1, [], ListFilter.Between("created", "today", ""))));
        Assert.Equal("Cette période est illisible.", Sentence(new SegmentRelated("tasks", RelatedCount.None, 1, [], ListFilter.Between("due", "demain", ""))));
        Assert.Equal("Le champ « beds » n'existe pas, ou plus.", Sentence(new SegmentRelated("tasks", RelatedCount.None, 1, [Field("beds", FilterOperator.Empty)])));

        static string Sentence(SegmentPart part) => Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Contact, SegmentGroup.All(part))).Sentence.ToString();
    }

    [Fact]
    public void Groups_do_not_go_down_without_end()
    {
        var deep = Field("city", FilterOperator.Empty) as SegmentPart;
        for (var depth = 0; depth < 20; depth++)
        {
            deep = SegmentGroup.All(deep);
        }

        Assert.Equal("Pas plus de 5 groupes les uns dans les autres.", Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Institution, SegmentText.Read(SegmentText.Write((SegmentGroup)deep)))).Sentence.ToString());
        var wide = SegmentGroup.Any([.. Enumerable.Repeat(Field("city", FilterOperator.Empty), 61)]);
        Assert.Equal("Un segment a 60 conditions au plus.", Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Institution, wide)).Sentence.ToString());
    }

    [Fact]
    public void What_is_still_being_written_is_left_aside_and_not_kept()
    {
        var unfinished = SegmentGroup.All(new SegmentCondition("", null), new SegmentCondition("beds", null), SegmentGroup.Any(), Field("city", FilterOperator.Empty));

        Assert.All(SegmentRules.DefectsOf(SegmentSubject.Institution, unfinished), defect => Assert.True(defect.IsUnfinished));
        Assert.Equal("city", Assert.IsType<SegmentCondition>(Assert.Single(SegmentRules.Finished(unfinished).Parts)).Field);
        Assert.False(SegmentRules.Finished(SegmentGroup.All(new SegmentCondition("beds", null)).Negated()).IsNegated);
        Assert.True(Assert.Single(SegmentRules.DefectsOf(SegmentSubject.Institution, SegmentGroup.Everything.Negated())).IsUnfinished);
        var refusal = Assert.Throws<BusinessRuleException>(() => new Segment(new SegmentDetails { Name = "À finir", Conditions = unfinished }, s_claire));
        Assert.Equal("3 conditions sont à corriger.", refusal.Message);
    }

    [Fact]
    public void A_segment_has_a_name_and_a_person()
    {
        Assert.Equal(nameof(Segment.Name), Assert.Throws<BusinessRuleException>(() => new Segment(new SegmentDetails { Name = " " }, s_claire)).Field);
        Assert.Throws<BusinessRuleException>(() => new Segment(new SegmentDetails { Name = "Tous" }, Actor.System));
    }

    private static SegmentCondition Field(string field, FilterOperator comparison, params string[] values) => new(new ListFilter(field, comparison, values));
}
