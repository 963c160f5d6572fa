using MedCrm.Core.Access;
using MedCrm.Core.Engagement;

namespace MedCrm.Tests.Engagement;

public sealed class MentionsTests
{
    private static readonly Colleague[] s_people = [Named("Anne"), Named("Anne Martin"), Named("Léa Dubois"), new(Guid.NewGuid(), "Paul Parti", Role.Sales, null, true)];

    [Theory]
    [InlineData("Vu avec @Anne Martin hier", "Anne Martin")]
    [InlineData("Vu avec @Anne hier", "Anne")]
    [InlineData("@léa dubois, peux-tu rappeler ?", "Léa Dubois")]
    [InlineData("@Anne Martin et @Léa Dubois et @Anne Martin", "Anne Martin,Léa Dubois")]
    [InlineData("@Annette", "")]
    [InlineData("contact@Anne", "")]
    [InlineData("@Paul Parti", "")]
    [InlineData("@", "")]
    [InlineData(null, "")]
    public void Names_after_an_at_sign_are_colleagues(string? text, string named)
        => Assert.Equal(named, string.Join(',', Mentions.In(text, s_people).Select(person => person.Name)));

    private static Colleague Named(string name) => new(Guid.NewGuid(), name, Role.Sales, null, false);
}
