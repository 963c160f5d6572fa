using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Duplicates;

/// <summary>An institution where somebody holds a place, and the town it stands in.</summary>
internal readonly record struct TraitPlace(Guid InstitutionId, TownName? Town);

/// <summary>What a contact is compared by.</summary>
internal sealed class ContactTraits : ITraits
{
    private readonly PersonName _name;
    private readonly string? _rpps;
    private readonly string? _email;
    private readonly string? _civility;
    private readonly string[] _phones;
    private readonly Guid[] _institutions;
    private readonly TownName[] _towns;

    /// <summary>The traits of what the details say, whatever the way they were typed, and of the places held.</summary>
    public ContactTraits(Guid id, ContactDetails details, IReadOnlyCollection<TraitPlace> places)
    {
        Id = id;
        _name = new PersonName(details.FirstName, details.LastName);
        _rpps = Rpps.Normalize(details.Rpps);
        _email = string.IsNullOrWhiteSpace(details.Email) ? null : details.Email.Trim().ToLowerInvariant();
        _civility = details.Civility is "M." or "Mme" ? details.Civility : null;
        _phones = [.. new[] { details.Phone, details.Mobile }.Select(phone => PhoneNumber.Parse(phone).Value).OfType<string>().Distinct()];
        _institutions = [.. places.Select(place => place.InstitutionId)];
        _towns = [.. places.Select(place => place.Town).OfType<TownName>().Distinct()];
    }

    /// <inheritdoc/>
    public Guid Id { get; }

    /// <summary>How much two contacts look like one.</summary>
    public static Likeness Compare(ContactTraits one, ContactTraits other)
    {
        // Somebody who carries another RPPS number is another person, however alike.
        if (one._rpps is not null && other._rpps is not null && one._rpps != other._rpps)
        {
            return Likeness.None;
        }

        var sum = new LikenessSum();
        var names = one._name.To(other._name);
        var sameName = sum.Note(TwinSigns.SameName, names is NameLikeness.Same);
        var close = sameName || sum.Note(TwinSigns.CloseNames, names is NameLikeness.Close);
        var rpps = sum.Note(TwinSigns.SameRpps, one._rpps is not null && one._rpps == other._rpps);
        var email = sum.Weigh(TwinSigns.SameEmail, one._email is not null && one._email == other._email);
        var phone = sum.Weigh(TwinSigns.SamePhone, one._phones.Intersect(other._phones).Any());
        var institution = sum.Weigh(TwinSigns.SameInstitution, one._institutions.Intersect(other._institutions).Any());
        var town = !institution && sum.Note(TwinSigns.SameTown, Array.Exists(one._towns, here => Array.Exists(other._towns, here.IsNear)));
        var noPlace = one._institutions.Length == 0 || other._institutions.Length == 0;

        sum.Worth(100, rpps);
        sum.Worth(94, email && close);
        // A mailbox may serve a whole ward.
        sum.Worth(55, email);
        sum.Worth(90, phone && close);
        sum.Worth(85, sameName && institution);
        sum.Worth(74, close && institution);
        sum.Worth(60, sameName && town);
        sum.Worth(51, close && town);
        sum.Worth(45, sameName && noPlace);
        sum.Worth(30, sameName);

        var against = one._civility is not null && other._civility is not null && one._civility != other._civility ? 20 : 0;
        against += one._email is not null && other._email is not null && !email ? 8 : 0;
        against += one._phones.Length > 0 && other._phones.Length > 0 && !phone ? 8 : 0;
        return sum.Total(against);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys()
    {
        if (_rpps is not null)
        {
            yield return $"n {_rpps}";
        }

        if (_email is not null)
        {
            yield return $"m {_email}";
        }

        // A switchboard answers for everybody in the house: the number finds those whose names begin alike.
        foreach (var start in Starts())
        {
            foreach (var phone in _phones)
            {
                yield return $"t {phone} {start}";
            }

            foreach (var institution in _institutions)
            {
                yield return $"i {institution:N} {start}";
            }
        }

        if (_name.First.Length > 0)
        {
            // Either order: somebody typed the first name in the place of the last.
            var (first, last) = (_name.First[..1], Start(_name.Last));
            foreach (var town in _towns.Select(town => town.Name).Distinct())
            {
                yield return $"v {town} {last} {first}";
                yield return $"v {town} {Start(_name.First)} {(_name.Last.Length == 0 ? "" : _name.Last[..1])}";
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Expressions()
    {
        foreach (var number in _phones.Select(phone => phone.TrimStart('+')).Append(_rpps).OfType<string>())
        {
            yield return $"\"{number}\"";
        }

        if (_email is not null)
        {
            yield return $"\"{SearchKey.Fold(_email)}\"";
        }

        var starts = Starts().Take(3).ToList();
        if (starts.Count > 0)
        {
            yield return starts.Count == 1 ? $"\"{SearchKey.Fold($"{_name.First} {_name.Last}")}\"*" : string.Join(" AND ", starts.Select(start => $"\"{start}\"*"));
        }
    }

    private static string Start(string word) => word.Length > 3 ? word[..3] : word;

    private IEnumerable<string> Starts()
        => $"{_name.Last} {_name.First}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1).Select(Start).Distinct();
}
