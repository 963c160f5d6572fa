using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Duplicates;

/// <summary>What an institution is compared by.</summary>
internal sealed class InstitutionTraits : ITraits
{
    // Where half the profession has its mailbox, a common domain says nothing.
    private static readonly HashSet<string> s_publicDomains = ["gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "yahoo.fr", "yahoo.com", "live.fr", "neuf.fr", "icloud.com"];

    private readonly InstitutionName _name;
    private readonly InstitutionNumbers _numbers;
    private readonly TownName? _town;
    private readonly string? _postcode;
    private readonly string[] _townWords;
    private readonly string[] _phones;
    private readonly string? _email;
    private readonly string? _domain;
    private readonly string? _host;
    private readonly CategoryKind? _category;

    /// <summary>The traits of what the details say, whatever the way they were typed.</summary>
    public InstitutionTraits(Guid id, InstitutionDetails details)
    {
        Id = id;
        _name = InstitutionName.Of(details.Name);
        _numbers = new InstitutionNumbers(Finess.Normalize(details.FinessEt), Finess.Normalize(details.FinessEj), details.IsLegalEntity, Siret.Normalize(details.Siret));
        var town = new Town(details.Postcode?.Trim(), details.City);
        (_town, _postcode, _townWords) = (town.Name(), string.IsNullOrEmpty(town.Postcode) ? null : town.Postcode, town.Words());
        var region = PhoneNumber.RegionOfDepartment(details.DepartmentCode ?? Departments.OfPostcode(town.Postcode)?.Code);
        _phones = [.. new[] { details.Phone, details.SecondPhone }.Select(phone => PhoneNumber.Parse(phone, region).Value).OfType<string>().Distinct()];
        _email = string.IsNullOrWhiteSpace(details.Email) ? null : details.Email.Trim().ToLowerInvariant();
        _domain = _email?.Split('@') is [_, { Length: > 0 } domain] && !s_publicDomains.Contains(domain) ? domain : null;
        _host = HostOf(details.Website);
        _category = Nomenclature.Category(details.CategoryCode)?.Kind;
    }

    /// <inheritdoc/>
    public Guid Id { get; }

    /// <summary>How much two institutions look like one.</summary>
    public static Likeness Compare(InstitutionTraits one, InstitutionTraits other)
    {
        if (one._numbers.Contradict(other._numbers))
        {
            return Likeness.None;
        }

        var sum = new LikenessSum();
        var names = one._name.To(other._name, one._townWords, other._townWords);
        var sameName = sum.Note(TwinSigns.SameName, names is NameLikeness.Same);
        var close = sameName || sum.Note(TwinSigns.CloseNames, names is NameLikeness.Close);
        var town = sum.Note(TwinSigns.SameTown, (one._postcode is not null && one._postcode == other._postcode) || (one._town is { } here && other._town is { } there && here.IsNear(there)));
        var noTown = (one._town is null && one._postcode is null) || (other._town is null && other._postcode is null);
        var finess = sum.Note(TwinSigns.SameFiness, one._numbers.Agree(other._numbers));
        var siret = sum.Weigh(TwinSigns.SameSiret, one._numbers.Siret is { Length: > 0 } && one._numbers.Siret == other._numbers.Siret);
        var phone = sum.Weigh(TwinSigns.SamePhone, one._phones.Intersect(other._phones).Any());
        var email = sum.Weigh(TwinSigns.SameEmail, one._email is not null && one._email == other._email);
        var domain = !email && sum.Note(TwinSigns.SameDomain, one._domain is not null && one._domain == other._domain);
        var website = sum.Weigh(TwinSigns.SameWebsite, one._host is not null && one._host == other._host);

        sum.Worth(100, finess);
        sum.Worth(92, siret && close && town);
        sum.Worth(70, siret && close);
        // Several sites of one establishment share its SIRET.
        sum.Worth(30, siret);
        sum.Worth(85, sameName && town);
        sum.Worth(72, close && town);
        sum.Worth(45, sameName && noTown);
        sum.Worth(30, sameName);
        sum.Worth(82, phone && close);
        sum.Worth(55, phone && town);
        sum.Worth(42, phone);
        sum.Worth(85, email && close);
        sum.Worth(60, email && town);
        sum.Worth(50, email);
        sum.Worth(66, domain && close);
        sum.Worth(72, website && close);
        sum.Worth(50, website && town);
        return sum.Total(against: one._category is { } kind && other._category is { } otherKind && kind != otherKind ? 10 : 0);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys()
    {
        foreach (var number in new[] { _numbers.FinessEt, _numbers.IsLegalEntity ? _numbers.FinessEj : null, _numbers.Siret }.OfType<string>())
        {
            yield return $"n {number}";
        }

        foreach (var phone in _phones)
        {
            yield return $"t {phone}";
        }

        if (_email is not null)
        {
            yield return $"m {_email}";
        }

        foreach (var word in Words())
        {
            foreach (var place in new[] { _town?.Name, _postcode, _domain, _host }.OfType<string>())
            {
                yield return $"{place} {word}";
            }
        }

        if (_host is not null && _town is { } town)
        {
            yield return $"w {_host} {town.Name}";
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Expressions()
    {
        foreach (var number in new[] { _numbers.FinessEt, _numbers.Siret }.OfType<string>().Concat(_phones.Select(phone => phone.TrimStart('+'))))
        {
            yield return $"\"{number}\"";
        }

        if (_email is not null)
        {
            yield return $"\"{Foundation.SearchKey.Fold(_email)}\"";
        }

        // With a town one word of the name is enough; without it all of them are asked for.
        var words = Words().Select(word => $"\"{word}\"*").ToList();
        if (words.Count > 0 && (_townWords.Length > 0 || _postcode is not null))
        {
            var town = new[] { string.Join(" AND ", _townWords.Select(word => $"\"{word}\"")), _postcode is null ? "" : $"\"{_postcode}\"" }.Where(part => part.Length > 0).Select(part => $"({part})");
            yield return $"({string.Join(" OR ", words)}) AND ({string.Join(" OR ", town)})";
        }

        if (words.Count > 0)
        {
            yield return string.Join(" AND ", words);
        }
    }

    // The first letters: what follows may be written otherwise. The town's own words find all of the town.
    private IEnumerable<string> Words()
    {
        var words = _name.Proper.Where(word => !_townWords.Contains(word)).ToArray();
        return (words.Length > 0 ? words : _name.Kinds).Select(word => word.Length > 4 ? word[..4] : word).Where(word => word.Length > 1).Distinct();
    }

    private static string? HostOf(string? website)
    {
        if (string.IsNullOrWhiteSpace(website))
        {
            return null;
        }

        var text = website.Trim();
        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}", UriKind.Absolute, out var address) && address.Host.Contains('.', StringComparison.Ordinal)
            ? address.Host.ToLowerInvariant().Replace("www.", "", StringComparison.Ordinal)
            : null;
    }
}
