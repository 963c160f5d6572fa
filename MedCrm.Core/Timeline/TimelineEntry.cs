namespace MedCrm.Core.Timeline;

/// <summary>Whose feed is read: an institution's, a contact's, a deal's.</summary>
/// <param name="RecordType">The type name of the record.</param>
/// <param name="Id">The record.</param>
public readonly record struct TimelineSubject(string RecordType, Guid Id)
{
    /// <summary>The feed of an institution.</summary>
    public static TimelineSubject Institution(Guid id) => new(nameof(Customers.Institution), id);

    /// <summary>The feed of a contact.</summary>
    public static TimelineSubject Contact(Guid id) => new(nameof(Customers.Contact), id);

    /// <summary>The feed of a deal.</summary>
    public static TimelineSubject Opportunity(Guid id) => new(nameof(Sales.Opportunity), id);

    /// <summary>The feed of one version of a quote.</summary>
    public static TimelineSubject Quote(Guid id) => new(nameof(Quoting.Quote), id);

    /// <summary>The feed of a contract.</summary>
    public static TimelineSubject Contract(Guid id) => new(nameof(Contracting.Contract), id);

    /// <summary>The record and those that were merged into it; what was sent to those stays under their ids.</summary>
    public IReadOnlyList<Guid> Ids => Former is null ? [Id] : [Id, .. Former];

    /// <summary>The records that were merged into it, once they were looked for.</summary>
    internal IReadOnlyList<Guid>? Former { get; init; }

    /// <summary>The institution, when the feed is its.</summary>
    public Guid? InstitutionId => RecordType == nameof(Customers.Institution) ? Id : null;

    /// <summary>The contact, when the feed is theirs.</summary>
    public Guid? ContactId => RecordType == nameof(Customers.Contact) ? Id : null;

    /// <summary>The deal, when the feed is its.</summary>
    public Guid? OpportunityId => RecordType == nameof(Sales.Opportunity) ? Id : null;
}

/// <summary>One event of a feed.</summary>
public sealed record TimelineEntry
{
    /// <summary>The code of its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The row behind it; empty for a day of changes.</summary>
    public Guid Id { get; init; }

    /// <summary>Tells apart the events of one row; 0 when it has one.</summary>
    public int Part { get; init; }

    /// <summary>What a click opens, when it is another record than the row.</summary>
    public Guid? OpensId { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>How it stood, as a number of its kind's <see cref="TimelineKind.States"/>.</summary>
    public int? State { get; init; }

    /// <summary>A short second line: an outcome, a passage from one stage to another.</summary>
    public string? Detail { get; init; }

    /// <summary>The beginning of its text, light Markdown.</summary>
    public string? Text { get; init; }

    /// <summary>The contact it was with.</summary>
    public string? With { get; init; }

    /// <summary>Minutes.</summary>
    public int? Minutes { get; init; }

    /// <summary>Euros, excluding VAT.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? ById { get; init; }

    /// <summary>Who did it, by name, where an account may be gone.</summary>
    public string? ByName { get; init; }

    /// <summary>Its author's alone.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The day in the team's time zone, for a day of changes.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>How many things it stands for, when more than one.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Tells it from every other entry of the feed.</summary>
    public string Key => Day is { } day ? $"{Kind}:{ById}:{ByName}:{day:O}" : Part == 0 ? $"{Kind}:{Id}" : $"{Kind}:{Id}:{Part}";
}

/// <summary>A kind of events: its code in addresses, its French name in the plural, its icon.</summary>
/// <param name="Code">Its code in addresses.</param>
/// <param name="Label">Its French name, in the plural.</param>
/// <param name="Icon">A Material Symbols name.</param>
public sealed record TimelineKind(string Code, string Label, string Icon)
{
    /// <summary>The enum that <see cref="TimelineEntry.State"/> is a value of.</summary>
    public Type? States { get; init; }

    /// <summary>The address that an entry opens, {0} being its id; null when it opens nothing.</summary>
    public string? Address { get; init; }
}
