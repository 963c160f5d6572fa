using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>What the papers of the company lack.</summary>
/// <param name="Field">The property of the company that would say it.</param>
/// <param name="Name">« SIREN ».</param>
/// <param name="Why">What to do, and by which text.</param>
public sealed record MissingMention(string Field, Sentence Name, Sentence Why);

/// <summary>What the law asks an invoice to say of its seller (C. com. art. L441-9, R123-237 and R123-238; CGI ann. II art. 242 nonies A).</summary>
public static class LegalMentions
{
    /// <summary>What is missing, in the order of the form; nothing when invoices may be issued.</summary>
    public static IReadOnlyList<MissingMention> MissingOf(Company company)
    {
        var form = company.LegalForm is { } name ? LegalForms.Of(name) : null;
        var missing = new List<MissingMention>();
        Ask(company.LegalName is null, nameof(Company.LegalName), "raison sociale", "Raison sociale : le nom du vendeur figure sur toute facture (CGI ann. II art. 242 nonies A).");
        Ask(form is null, nameof(Company.LegalForm), "forme juridique", "Forme juridique : elle suit le nom sur toute facture (C. com. art. R123-238).");
        Ask(form is { HasCapital: true } && company.ShareCapital is null, nameof(Company.ShareCapital), "capital social", $"Capital social : une {form?.Name} l'indique à côté de son nom (C. com. art. R123-238).");
        Ask(company.Street is null && company.AddressLine2 is null, nameof(Company.Street), "adresse", "Adresse : celle du siège figure sur toute facture (CGI ann. II art. 242 nonies A).");
        Ask(company.Postcode is null, nameof(Company.Postcode), "code postal", "Code postal : il complète l'adresse du siège.");
        Ask(company.City is null, nameof(Company.City), "ville", "Ville : elle complète l'adresse du siège.");
        Ask(company.Siren is null, nameof(Company.Siren), "SIREN", "SIREN : le numéro d'identification figure sur toute facture (C. com. art. R123-237).");
        Ask(form is { IsRegistered: true } && company.RcsCity is null, nameof(Company.RcsCity), "ville du RCS", "Ville du RCS : la mention RCS et la ville d'immatriculation figurent sur toute facture (C. com. art. R123-237).");
        Ask(!company.IsVatExempt && company.VatNumber is null, nameof(Company.VatNumber), "n° de TVA", "N° de TVA : il figure sur toute facture, sauf en franchise en base (CGI ann. II art. 242 nonies A).");
        Ask(company.EarlyPayment is null, nameof(Company.EarlyPayment), "conditions d'escompte", "Escompte : ses conditions, ou le fait qu'il n'y en a pas, figurent sur toute facture (C. com. art. L441-9).");
        return missing;

        void Ask(bool isMissing, string field, Sentence name, Sentence why)
        {
            if (isMissing)
            {
                missing.Add(new MissingMention(field, name, why));
            }
        }
    }

    /// <summary>Refuses to issue an invoice of a company whose legal mentions are not complete.</summary>
    /// <exception cref="BusinessRuleException">Some are missing; the sentence names them all.</exception>
    public static void Demand(Company company)
    {
        if (MissingOf(company) is { Count: > 0 } missing)
        {
            throw new BusinessRuleException($"La facture ne peut pas être émise : il manque des mentions obligatoires sur votre société ({Sentence.Join(", ", missing.Select(mention => mention.Name))}). Un administrateur les complète dans Administration, Société.");
        }
    }
}
