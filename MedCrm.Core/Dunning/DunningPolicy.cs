using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Dunning;

/// <summary>How a profile of payers is reminded, as administrators edit it. Delays are in days from the due day, negative before it.</summary>
public sealed record DunningPolicyDetails
{
    [Display(Name = "Envoi")] public DunningMode Mode { get; set; }
    [Display(Name = "Rappel avant l'échéance")] public bool CourtesyOn { get; set; }
    [Display(Name = "Délai du rappel (jours)")] public int? CourtesyDays { get; set; }
    [Display(Name = "Objet du rappel")] public string? CourtesySubject { get; set; }
    [Display(Name = "Texte du rappel")] public string? CourtesyBody { get; set; }
    [Display(Name = "Relance après l'échéance")] public bool FirmOn { get; set; }
    [Display(Name = "Délai de la relance (jours)")] public int? FirmDays { get; set; }
    [Display(Name = "Objet de la relance")] public string? FirmSubject { get; set; }
    [Display(Name = "Texte de la relance")] public string? FirmBody { get; set; }
    [Display(Name = "Mise en demeure")] public bool FormalOn { get; set; }
    [Display(Name = "Délai de la mise en demeure (jours)")] public int? FormalDays { get; set; }
    [Display(Name = "Objet de la mise en demeure")] public string? FormalSubject { get; set; }
    [Display(Name = "Texte de la mise en demeure")] public string? FormalBody { get; set; }

    /// <summary>8 to 15.</summary>
    [Display(Name = "Dernier délai laissé (jours)")] public int? FinalDays { get; set; }

    /// <summary>Interest and the fixed sum are worked out and claimed in the letter.</summary>
    [Display(Name = "Réclamer les pénalités et l'indemnité")] public bool ClaimsPenalties { get; set; }
}

/// <summary>How a profile of payers is reminded. One row a profile; without it the usual ways hold.</summary>
public sealed class DunningPolicy : IRecorded, IVersioned
{
    private const int LongestSubject = 200;
    private const int LongestBody = 4000;

    private DunningPolicy()
    {
    }

    /// <summary>The usual ways: J-3, J+7 and J+30 for a private payer; a public one, paid by a treasurer, hears later and never before its due day.</summary>
    public DunningPolicy(PayerProfile profile)
    {
        Id = IdOf(profile);
        Profile = profile;
        Edit(DunningTexts.Usual(profile));
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>Whose.</summary>
    [Display(Name = "Profil")] public PayerProfile Profile { get; private set; }

    [Display(Name = "Envoi")] public DunningMode Mode { get; private set; }
    [Display(Name = "Rappel avant l'échéance")] public bool CourtesyOn { get; private set; }
    [Display(Name = "Délai du rappel (jours)")] public int CourtesyDays { get; private set; }
    [Display(Name = "Objet du rappel")] public string CourtesySubject { get; private set; } = "";
    [Display(Name = "Texte du rappel")] public string CourtesyBody { get; private set; } = "";
    [Display(Name = "Relance après l'échéance")] public bool FirmOn { get; private set; }
    [Display(Name = "Délai de la relance (jours)")] public int FirmDays { get; private set; }
    [Display(Name = "Objet de la relance")] public string FirmSubject { get; private set; } = "";
    [Display(Name = "Texte de la relance")] public string FirmBody { get; private set; } = "";
    [Display(Name = "Mise en demeure")] public bool FormalOn { get; private set; }
    [Display(Name = "Délai de la mise en demeure (jours)")] public int FormalDays { get; private set; }
    [Display(Name = "Objet de la mise en demeure")] public string FormalSubject { get; private set; } = "";
    [Display(Name = "Texte de la mise en demeure")] public string FormalBody { get; private set; } = "";
    [Display(Name = "Dernier délai laissé (jours)")] public int FinalDays { get; private set; }
    [Display(Name = "Réclamer les pénalités et l'indemnité")] public bool ClaimsPenalties { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => $"Relances : {Labels.Of(Profile).ToLowerInvariant()}";

    /// <summary>The policy of a profile, for reading.</summary>
    internal static async Task<DunningPolicy> ReadAsync(Data.MedCrmDbContext db, PayerProfile profile, CancellationToken cancellationToken)
        => await db.DunningPolicies.AsNoTracking().SingleOrDefaultAsync(policy => policy.Profile == profile, cancellationToken) ?? new DunningPolicy(profile);

    /// <summary>Everything an administrator sets, as it stands.</summary>
    public DunningPolicyDetails Details() => new()
    {
        Mode = Mode,
        CourtesyOn = CourtesyOn,
        CourtesyDays = CourtesyDays,
        CourtesySubject = CourtesySubject,
        CourtesyBody = CourtesyBody,
        FirmOn = FirmOn,
        FirmDays = FirmDays,
        FirmSubject = FirmSubject,
        FirmBody = FirmBody,
        FormalOn = FormalOn,
        FormalDays = FormalDays,
        FormalSubject = FormalSubject,
        FormalBody = FormalBody,
        FinalDays = FinalDays,
        ClaimsPenalties = ClaimsPenalties,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A delay is out of its range or order, a text is empty, names an unknown field, or a formal notice does not say that it is one; nothing was taken.</exception>
    public void Edit(DunningPolicyDetails details)
    {
        var (courtesy, firm, formal) = (
            Within(details.CourtesyDays, -30, 0, nameof(CourtesyDays), "Ce rappel part de 30 jours avant l'échéance à l'échéance : indiquez de -30 à 0."),
            Within(details.FirmDays, Profile is PayerProfile.Public ? 7 : 1, 60, nameof(FirmDays), Profile is PayerProfile.Public ? "Un acheteur public n'est pas relancé avant 7 jours de retard : indiquez de 7 à 60." : "Indiquez de 1 à 60 jours après l'échéance."),
            Within(details.FormalDays, 8, 180, nameof(FormalDays), "Indiquez de 8 à 180 jours après l'échéance."));
        if (formal <= firm)
        {
            throw new BusinessRuleException("La mise en demeure suit la relance : son délai est plus long.", nameof(FormalDays));
        }

        if (details.CourtesyOn && Profile is PayerProfile.Public)
        {
            throw new BusinessRuleException("Un acheteur public n'est pas relancé avant son échéance.", nameof(CourtesyOn));
        }

        var final = Within(details.FinalDays, 8, 15, nameof(FinalDays), "La mise en demeure laisse de 8 à 15 jours.");
        var (courtesySubject, courtesyBody) = (TextOf(details.CourtesySubject, LongestSubject, nameof(CourtesySubject)), TextOf(details.CourtesyBody, LongestBody, nameof(CourtesyBody)));
        var (firmSubject, firmBody) = (TextOf(details.FirmSubject, LongestSubject, nameof(FirmSubject)), TextOf(details.FirmBody, LongestBody, nameof(FirmBody)));
        var (formalSubject, formalBody) = (Formal(TextOf(details.FormalSubject, LongestSubject, nameof(FormalSubject)), nameof(FormalSubject)), Formal(TextOf(details.FormalBody, LongestBody, nameof(FormalBody)), nameof(FormalBody)));
        (Mode, CourtesyOn, FirmOn, FormalOn) = (details.Mode, details.CourtesyOn, details.FirmOn, details.FormalOn);
        (CourtesyDays, FirmDays, FormalDays, FinalDays, ClaimsPenalties) = (courtesy, firm, formal, final, details.ClaimsPenalties);
        (CourtesySubject, CourtesyBody, FirmSubject, FirmBody, FormalSubject, FormalBody) = (courtesySubject, courtesyBody, firmSubject, firmBody, formalSubject, formalBody);
    }

    /// <summary>Whether a level is used.</summary>
    public bool IsOn(DunningLevel level) => level switch { DunningLevel.Courtesy => CourtesyOn, DunningLevel.Firm => FirmOn, _ => FormalOn };

    /// <summary>Days from the due day.</summary>
    public int DaysOf(DunningLevel level) => level switch { DunningLevel.Courtesy => CourtesyDays, DunningLevel.Firm => FirmDays, _ => FormalDays };

    /// <summary>Subject and body of a level, with their fields.</summary>
    public (string Subject, string Body) TextsOf(DunningLevel level) => level switch
    {
        DunningLevel.Courtesy => (CourtesySubject, CourtesyBody),
        DunningLevel.Firm => (FirmSubject, FirmBody),
        _ => (FormalSubject, FormalBody),
    };

    /// <summary>Whether letters of a level leave without anybody's word.</summary>
    public bool SendsAlone(DunningLevel level) => Mode is DunningMode.SendAlone || (Mode is DunningMode.SendReminders && level is not DunningLevel.Formal);

    /// <summary>
    /// The worked day on which a level is reached. A Saturday, a Sunday or a holiday moves to the next worked day; what is sent before the due day moves back when that day
    /// would come after it.
    /// </summary>
    public DateOnly DayOf(DunningLevel level, DateOnly dueOn)
    {
        var day = dueOn.AddDays(DaysOf(level));
        var worked = FrenchCalendar.NextWorkingDay(day);
        return level is DunningLevel.Courtesy && worked > dueOn ? FrenchCalendar.AddWorkingDays(day, -1) : worked;
    }

    /// <summary>The highest level reached on a day; null before the first. After a stop the last one alone counts, and what is said before the due day is not said after it.</summary>
    public DunningLevel? LevelOn(DateOnly day, DateOnly dueOn)
    {
        foreach (var level in new[] { DunningLevel.Formal, DunningLevel.Firm, DunningLevel.Courtesy })
        {
            if (IsOn(level) && DayOf(level, dueOn) <= day && (level is not DunningLevel.Courtesy || day <= dueOn))
            {
                return level;
            }
        }

        return null;
    }

    /// <summary>From which day reminders count: a public buyer is not pressed before the delay that the law gives it has passed, whatever the invoice says (CCP art. R2192-10, R2192-11).</summary>
    public static DateOnly DueOf(BuyerKind buyer, DateOnly issuedOn, DateOnly dueOn)
        => PaymentTerm.Statutory(buyer) is { } term && term.DueOn(issuedOn) is var statutory && statutory > dueOn ? statutory : dueOn;

    private static Guid IdOf(PayerProfile profile) => new($"d0000000-0000-7000-8000-00000000000{(int)profile + 1}");

    private static int Within(int? value, int least, int most, string field, string sentence)
        => value is { } number && number >= least && number <= most ? number : throw new BusinessRuleException(sentence, field);

    private static string TextOf(string? text, int longest, string field)
    {
        var kept = Clean.Required(text?.ReplaceLineEndings("\n"), longest, field, "Écrivez ce texte.");
        return DunningTexts.UnknownIn(kept) is { } unknown ? throw new BusinessRuleException($"Le champ {unknown} n'existe pas. Choisissez parmi ceux de la liste.", field) : kept;
    }

    // « Interpellation suffisante » (C. civ. art. 1344).
    private static string Formal(string text, string field)
        => SearchKey.Fold(text).Contains("mise en demeure", StringComparison.Ordinal) ? text : throw new BusinessRuleException("Les mots « mise en demeure » doivent y figurer.", field);
}

internal sealed class DunningPolicyConfiguration : IEntityTypeConfiguration<DunningPolicy>
{
    public void Configure(EntityTypeBuilder<DunningPolicy> policy)
    {
        policy.ToTable("DunningPolicies");
        policy.HasIndex(p => p.Profile).IsUnique();
    }
}
