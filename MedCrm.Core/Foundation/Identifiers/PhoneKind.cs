using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>What a telephone number is, by the French numbering plan.</summary>
public enum PhoneKind
{
    /// <summary>A line at a place (01 to 05), or one charged like it (0806 to 0809).</summary>
    [Display(Name = "Fixe")]
    Fixed,

    /// <summary>A mobile (06, 07).</summary>
    [Display(Name = "Mobile")]
    Mobile,

    /// <summary>Free for the caller (0800 to 0805).</summary>
    [Display(Name = "Numéro vert")]
    Freephone,

    /// <summary>The service is charged on top of the call (other 08).</summary>
    [Display(Name = "Numéro surtaxé")]
    Premium,

    /// <summary>A line that is nowhere in particular (09).</summary>
    [Display(Name = "Fixe par internet")]
    Voip,

    /// <summary>Two to six digits that are dialled as they stand and only in France: 15, 112, 3646.</summary>
    [Display(Name = "Numéro court")]
    ShortCode,

    /// <summary>A number of another country.</summary>
    [Display(Name = "Étranger")]
    International,
}
