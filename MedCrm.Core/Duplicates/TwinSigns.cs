using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Duplicates;

/// <summary>What makes two records look like one.</summary>
[Flags]
public enum TwinSigns
{
    None = 0,
    [Display(Name = "même FINESS")] SameFiness = 1 << 0,
    [Display(Name = "même RPPS")] SameRpps = 1 << 1,
    [Display(Name = "même SIRET")] SameSiret = 1 << 2,
    [Display(Name = "même e-mail")] SameEmail = 1 << 3,
    [Display(Name = "même téléphone")] SamePhone = 1 << 4,
    [Display(Name = "même site web")] SameWebsite = 1 << 5,
    [Display(Name = "même domaine d'e-mail")] SameDomain = 1 << 6,
    [Display(Name = "même nom")] SameName = 1 << 7,
    [Display(Name = "noms proches")] CloseNames = 1 << 8,
    [Display(Name = "même établissement")] SameInstitution = 1 << 9,
    [Display(Name = "même ville")] SameTown = 1 << 10,
}

/// <summary>How much two records look like one, from 0 to 100, and by what.</summary>
public readonly record struct Likeness(int Score, TwinSigns Signs)
{
    /// <summary>From here on somebody typing is told of a record.</summary>
    public const int Telling = 40;

    /// <summary>From here on two records wait in the queue.</summary>
    public const int Queued = 50;

    /// <summary>Nothing in common, or two numbers that say otherwise.</summary>
    public static Likeness None { get; }

    /// <summary>The signs one by one, the strongest first.</summary>
    public static IReadOnlyList<TwinSigns> Each(TwinSigns signs) => [.. Enum.GetValues<TwinSigns>().Where(sign => sign != TwinSigns.None && signs.HasFlag(sign))];
}

/// <summary>Adds signs up to a likeness: the strongest pair of signs decides, the others weigh a little.</summary>
internal struct LikenessSum()
{
    private const int Extra = 4;

    private int _score;
    private int _others = -1;

    /// <summary>What was found so far.</summary>
    public TwinSigns Signs { get; private set; }

    /// <summary>Notes a sign when it is there, and answers whether it is.</summary>
    public bool Note(TwinSigns sign, bool isThere)
    {
        Signs |= isThere ? sign : TwinSigns.None;
        return isThere;
    }

    /// <summary>A sign that counts once more beside the one that decides.</summary>
    public bool Weigh(TwinSigns sign, bool isThere)
    {
        _others += isThere ? 1 : 0;
        return Note(sign, isThere);
    }

    /// <summary>Signs that are worth a score together.</summary>
    public void Worth(int score, bool together) => _score = together ? Math.Max(_score, score) : _score;

    /// <summary>The likeness, less what speaks against it.</summary>
    public readonly Likeness Total(int against)
        => _score == 0 ? Likeness.None : new Likeness(_score == 100 ? 100 : Math.Clamp(_score + (Extra * Math.Max(0, _others)) - against, 0, 99), Signs);
}
