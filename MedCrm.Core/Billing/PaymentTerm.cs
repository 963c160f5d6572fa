using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>How the day of payment follows from the day of issue. « 45 jours fin de mois » has two admitted readings (CEPC).</summary>
public enum TermKind
{
    [Display(Name = "Jours nets")] Net,
    [Display(Name = "Fin de mois, puis jours")] EndOfMonthThenDays,
    [Display(Name = "Jours, puis fin de mois")] DaysThenEndOfMonth,
}

/// <summary>Whose terms the law sets (C. com. art. L441-10; CCP art. R2192-10 and R2192-11).</summary>
public enum BuyerKind
{
    [Display(Name = "Acheteur privé")] Private,
    [Display(Name = "État ou collectivité (30 jours)")] State,
    [Display(Name = "Établissement public de santé (50 jours)")] PublicHospital,
    [Display(Name = "Entreprise publique (60 jours)")] PublicCompany,
}

/// <summary>Terms of payment: so many days, net or at the end of a month.</summary>
public readonly record struct PaymentTerm(TermKind Kind, int Days)
{
    /// <summary>What applies when nothing was agreed with a private buyer: 30 days (C. com. art. L441-10 I).</summary>
    public static PaymentTerm Default { get; } = new(TermKind.Net, 30);

    /// <summary>The day on which payment must be made, for an invoice issued (or, by a public buyer, received) on a day.</summary>
    public DateOnly DueOn(DateOnly issuedOn) => Kind switch
    {
        TermKind.EndOfMonthThenDays => EndOfMonth(issuedOn).AddDays(Days),
        TermKind.DaysThenEndOfMonth => EndOfMonth(issuedOn.AddDays(Days)),
        _ => issuedOn.AddDays(Days),
    };

    /// <summary>
    /// The longest that the law allows, in days: 60 net or 45 at the end of a month between companies; a public buyer has its own delay. A periodic invoice between
    /// companies is due 45 days after its issue at most (C. com. art. L441-10 I), which leaves 15 beside the end of a month of 31 days.
    /// </summary>
    /// <param name="buyer">Whose terms they are.</param>
    /// <param name="kind">How the days are counted.</param>
    /// <param name="isPeriodic">The invoice comes back at each period of a contract.</param>
    public static int Longest(BuyerKind buyer, TermKind kind, bool isPeriodic = false) => buyer switch
    {
        BuyerKind.State => 30,
        BuyerKind.PublicHospital => 50,
        BuyerKind.PublicCompany => 60,
        _ => kind is TermKind.Net ? isPeriodic ? 45 : 60 : isPeriodic ? 15 : 45,
    };

    /// <summary>The terms a public buyer is bound to; null for a private one, who may agree.</summary>
    public static PaymentTerm? Statutory(BuyerKind buyer) => buyer is BuyerKind.Private ? null : new PaymentTerm(TermKind.Net, Longest(buyer, TermKind.Net));

    /// <summary>What kind of buyer an institution is, by its legal status and not by its category: ESPIC and private clinics are private buyers.</summary>
    public static BuyerKind BuyerOf(string? legalStatusCode, Ownership ownership)
    {
        var isPublic = Nomenclature.OwnershipOf(legalStatusCode) is { } known ? known is Ownership.Public : ownership is Ownership.Public;
        if (!isPublic)
        {
            return BuyerKind.Private;
        }

        // Legal statuses 10 to 15 are the public health establishments; without a code, a public institution of this market is one.
        return legalStatusCode is null or "10" or "11" or "12" or "13" or "14" or "15" ? BuyerKind.PublicHospital : BuyerKind.State;
    }

    /// <summary>Whether the law allows these terms towards a buyer.</summary>
    public bool IsLawful(BuyerKind buyer) => Days >= 0 && Days <= Longest(buyer, Kind) && (buyer is BuyerKind.Private || Kind is TermKind.Net);

    /// <summary>The terms for invoices that come back at each period of a contract: these, or the longest net ones when these are too long for that.</summary>
    public PaymentTerm ForPeriodic(BuyerKind buyer) => Days <= Longest(buyer, Kind, isPeriodic: true) ? this : new PaymentTerm(TermKind.Net, Longest(buyer, TermKind.Net, isPeriodic: true));

    /// <summary>The terms, once checked against the law.</summary>
    /// <param name="buyer">Who pays.</param>
    /// <param name="field">The field that a refusal stands beside.</param>
    /// <param name="isPeriodic">The invoice comes back at each period of a contract.</param>
    /// <exception cref="BusinessRuleException">They are longer than the law allows this buyer.</exception>
    public PaymentTerm Checked(BuyerKind buyer, string field, bool isPeriodic = false)
    {
        if (Days is < 0 or > 120)
        {
            throw new BusinessRuleException("Le délai va de 0 à 120 jours.", field);
        }

        if (buyer is not BuyerKind.Private && Kind is not TermKind.Net)
        {
            throw new BusinessRuleException("Un acheteur public paie à jours nets, sans fin de mois.", field);
        }

        var longest = Longest(buyer, Kind, isPeriodic);
        return Days <= longest
            ? this
            : throw new BusinessRuleException(
                buyer is BuyerKind.Private
                    ? isPeriodic
                        ? (Sentence)$"Ce délai dépasse ce que la loi permet pour une facture périodique : {longest} jours au plus (C. com. art. L441-10)."
                        : $"Ce délai dépasse ce que la loi permet : {longest} jours au plus (C. com. art. L441-10)."
                    : $"Ce délai dépasse celui de cet acheteur public : {longest} jours au plus (CCP art. R2192-10).",
                field);
    }

    /// <summary>« 30 jours nets », « 45 jours fin de mois ».</summary>
    public Sentence Said => (Kind, Days) switch
    {
        (TermKind.Net, 0) => "à réception",
        (TermKind.Net, _) => $"{Days} jours nets",
        (TermKind.EndOfMonthThenDays or TermKind.DaysThenEndOfMonth, 0) => "fin de mois",
        (TermKind.EndOfMonthThenDays, _) => $"fin de mois, {Days} jours",
        _ => $"{Days} jours fin de mois",
    };

    /// <inheritdoc/>
    public override string ToString() => Said.ToString();

    private static DateOnly EndOfMonth(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));
}
