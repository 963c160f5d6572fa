using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;

namespace MedCrm.Tests.Foundation;

public sealed class SentenceTests
{
    [Fact]
    public void A_refusal_keeps_its_format_and_its_arguments()
    {
        var (name, count) = ("CHU de Nantes", 12345);

        var refusal = new BusinessRuleException($"« {name} » porte {count:N0} affaires, soit {0.5m,8:P0}.", "Name");

        Assert.Equal(("« {0} » porte {1:N0} affaires, soit {2,8:P0}.", "Name"), (refusal.Format, refusal.Field));
        Assert.Equal([name, count, 0.5m], refusal.Arguments);
        Assert.Equal(string.Create(FrenchText.Culture, $"« {name} » porte {count:N0} affaires, soit {0.5m,8:P0}."), refusal.Message);
    }

    [Fact]
    public void Its_message_is_french_whatever_the_culture_and_said_in_the_culture_of_the_screen()
    {
        using var english = new CultureScope("en-GB");

        var refusal = new ImportFileException($"Le fichier dépasse {50_000:N0} lignes.");

        Assert.Equal("Le fichier dépasse 50 000 lignes.", refusal.Message.Replace('\u202f', ' '));
        Assert.Equal("More than 50,000 lines.", new Glossary(("Le fichier dépasse {0:N0} lignes.", "More than {0:N0} lines.")).Of(refusal));
    }

    [Fact]
    public void Braces_of_the_sentence_itself_and_of_what_fills_it_harm_nothing()
    {
        var plain = new BusinessRuleException("Écrivez {nom} ou }.");
        var filled = new BusinessRuleException($"{{nom}} vaut « {"{0}"} ».");

        Assert.Equal(("Écrivez {nom} ou }.", "{nom} vaut « {0} »."), (plain.Message, filled.Message));
        Assert.Equal(("Écrivez {nom} ou }.", "{nom} vaut « {0} »."), (new Glossary().Of(plain), new Glossary().Of(filled)));
        Assert.Empty(plain.Arguments);
    }

    [Fact]
    public void What_fills_a_sentence_is_translated_when_it_is_words_and_left_when_it_is_a_name()
    {
        var english = new Glossary(
            ("« {0} » porte {1} : {2}.", "“{0}” has {1}: {2}."),
            ("{0} affaires", "{0} deals"),
            ("Prix", "Price"));

        var refusal = new BusinessRuleException($"« {"Prix"} » porte {(Sentence)$"{3} affaires"} : {LossReason.Price}.");

        Assert.Equal("« Prix » porte 3 affaires : Prix.", refusal.Message);
        Assert.Equal("“Prix” has 3 deals: Price.", english.Of(refusal));
    }

    [Fact]
    public void A_checklist_names_what_is_missing_in_the_language_of_the_screen()
    {
        var english = new Glossary(("Pour entrer en {0}, il manque : {1}.", "To enter {0}, add: {1}."), (Labels.Of(Requirement.Amount), "Amount"), (Labels.Of(Requirement.Contact), "Contact person"));

        var refusal = new StageGateException("Proposition", [Requirement.Amount, Requirement.Contact]);

        Assert.Equal($"Pour entrer en Proposition, il manque : {Labels.Of(Requirement.Amount).ToLowerInvariant()}, {Labels.Of(Requirement.Contact).ToLowerInvariant()}.", refusal.Message);
        Assert.Equal("To enter Proposition, add: amount, contact person.", english.Of(refusal));
    }

    [Fact]
    public void Sentences_that_read_the_same_are_the_same_and_no_text_is_no_sentence()
    {
        Sentence whole = "« IRM » est déjà terminée.";
        Sentence parts = $"« {"IRM"} » est déjà terminée.";

        Assert.Equal(whole, parts);
        Assert.Equal(whole.GetHashCode(), parts.GetHashCode());
        Assert.Null((Sentence?)(string?)null);
    }
}
