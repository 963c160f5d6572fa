using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Judges rows of contacts. A row is known by its identifier, else its RPPS number, its e-mail, its name in the same institution; the place held there is part of it.</summary>
internal sealed class ContactJudge(JudgeTerms terms) : ImportJudge<ContactSource, Contact, KnownContacts>(terms)
{
    /// <inheritdoc/>
    protected override Task<KnownContacts> FindKnownAsync(MedCrmDbContext db, IReadOnlyList<ContactSource> sources, CancellationToken cancellationToken)
        => KnownContacts.FindAsync(db, sources, Terms.Actor, cancellationToken);

    /// <inheritdoc/>
    protected override (IEnumerable<string> Sought, IEnumerable<string> Left) KeysOf(Judged row)
    {
        var source = row.Source;
        var own = new List<string>();
        if (source.Id is { } id)
        {
            own.Add($"I{id}");
        }

        if (source.Rpps is { } rpps)
        {
            own.Add($"R{rpps}");
        }

        var names = NameKeysOf(row).ToList();
        // Two numbers tell two people of one name apart; a row without number may be either.
        return source.Rpps is null
            ? (own.Concat(names), own.Concat(names).Concat(names.Select(WithoutRpps)))
            : (own.Concat(names.Select(WithoutRpps)), own.Concat(names));
    }

    /// <inheritdoc/>
    protected override Contact? Match(Judged row)
        => row.Source.Rpps is { } rpps && row.Known.IsElsewhere(rpps)
            ? throw new BusinessRuleException("Ce numéro RPPS est déjà celui d'un autre contact : il n'y en a qu'un par praticien.", nameof(ContactDetails.Rpps))
            : row.Known.Match(row.Source, Claims.IsTaken);

    /// <inheritdoc/>
    protected override IReadOnlyList<IRecorded> Create(Judged row, Actor? owner)
    {
        var contact = new Contact(ContactFieldMerge.Over(new ContactDetails(), row.Source, owner, clearsEmpty: false), Terms.Now());
        if (PlaceOf(row, contact) is { } institution)
        {
            var place = ContactFieldMerge.Over(new ContactRoleDetails { InstitutionId = institution.Id }, row.Source, BecomesPrimary(row, institution.Id, isPrimary: false), clearsEmpty: false);
            contact.Join(place, Terms.Now());
            MakeRoom(row, contact, place);
        }
        else if (row.Source.DescribesPlace)
        {
            Warn(row, nameof(ContactRoleDetails.Department), "Le rôle, le service et l'influence tiennent à un établissement : sans lui, ils ne sont pas gardés.");
        }

        return [contact, .. contact.Roles, .. contact.Labels];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FieldDifference> Change(Judged row, Contact contact, Actor? owner)
    {
        var before = contact.Details();
        var wanted = ContactFieldMerge.Over(before, row.Source, owner, Terms.ClearsEmpty);
        var (role, wantedPlace) = PlaceWanted(row, contact);
        var placeBefore = role?.Details() ?? new ContactRoleDetails();
        if (FieldMerge.Differences(before, wanted).Count == 0 && (wantedPlace is null || FieldMerge.Differences(placeBefore, wantedPlace).Count == 0))
        {
            if (wantedPlace is not null)
            {
                MakeRoom(row, contact, wantedPlace);
            }

            return [];
        }

        WarnOfNewName(row, contact);
        var untrack = Track(row, contact);
        List<FieldDifference> differences = [];
        try
        {
            contact.Edit(wanted, Terms.Now());
            if (wantedPlace is not null)
            {
                role = role is null ? contact.Join(wantedPlace, Terms.Now()) : contact.EditPlace(role.Id, wantedPlace, Terms.Now());
                MakeRoom(row, contact, wantedPlace);
            }

            differences = [.. FieldMerge.Differences(before, contact.Details()), .. role is null ? [] : FieldMerge.Differences(placeBefore, role.Details())];
            return differences;
        }
        finally
        {
            if (differences.Count == 0)
            {
                untrack();
            }
        }
    }

    /// <inheritdoc/>
    protected override string? TextOf(Judged row, PropertyInfo field, object? value) => (field.Name, value) switch
    {
        (nameof(ContactRoleDetails.InstitutionId), Guid institution) => row.Known.NameOfPlace(institution),
        (nameof(ContactDetails.TeamId), Guid team) => TeamOf(team),
        (nameof(ContactRoleDetails.Influence), Influence.Unknown) => null,
        _ => DisplayText.Of(value, NameOf),
    };

    /// <inheritdoc/>
    protected override string LabelOf(string field) => Labels.Has(typeof(ContactDetails), field) ? Labels.Of(typeof(ContactDetails), field) : Labels.Of(typeof(ContactRoleDetails), field);

    /// <inheritdoc/>
    protected override ImportField? ColumnOf(string field) => field switch
    {
        nameof(ContactDetails.Civility) => ImportField.ContactTitle,
        nameof(ContactDetails.LastName) when !Terms.Columns.ContainsKey(ImportField.ContactLastName) => ImportField.ContactFullName,
        nameof(ContactDetails.OwnerId) => ImportField.Owner,
        nameof(ContactRoleDetails.InstitutionId) => Terms.Columns.ContainsKey(ImportField.Name) ? ImportField.Name : Terms.Columns.ContainsKey(ImportField.FinessEt) ? ImportField.FinessEt : ImportField.Siret,
        nameof(ContactRoleDetails.Title) => ImportField.ContactRole,
        nameof(ContactRoleDetails.IsPrimary) => ImportField.ContactPrimary,
        // The others carry the name of their column.
        _ => Enum.TryParse<ImportField>($"Contact{field}", out var column) || Enum.TryParse(field, out column) ? column : null,
    };

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(ContactSource source)
        => (Joined(" ", source.FirstName, source.LastName) ?? source.Email ?? source.Rpps ?? "", Joined(" · ", source.JobTitle, source.InstitutionName ?? source.FinessEt ?? source.Siret));

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(Judged row, Contact contact)
        => (contact.FullName, Joined(" · ", contact.JobTitle, row.Known.PlacesOf(row.Source) is [var place] ? place.Name : null));

    /// <inheritdoc/>
    protected override Sentence Duplicate(Judged row, int line)
        => row.Source.NamesInstitution && NameKeysOf(row).All(key => Claims.LineOf(key) is null)
            ? $"{base.Duplicate(row, line)} Pour lui donner ce second poste, importez ensuite le fichier des lignes en erreur."
            : base.Duplicate(row, line);

    private static string? Joined(string separator, params ReadOnlySpan<string?> parts)
    {
        string? joined = null;
        foreach (var part in parts)
        {
            joined = part is null ? joined : joined is null ? part : joined + separator + part;
        }

        return joined;
    }

    private static string PrimaryKeyOf(Guid institutionId) => $"P{institutionId}";

    private static string WithoutRpps(string key) => $"?{key}";

    // The same name in the same institution, or behind the same address.
    private static IEnumerable<string> NameKeysOf(Judged row)
    {
        if (row.Source.NameKey is not { Length: > 0 } name || row.Source.Id is not null)
        {
            yield break;
        }

        if (row.Source.Email is { } email)
        {
            yield return $"M{email.ToLowerInvariant()}|{name}";
        }

        if (!row.Source.NamesInstitution || row.Known.PlacesOf(row.Source) is [_])
        {
            yield return $"N{name}|{(row.Source.NamesInstitution ? row.Known.PlacesOf(row.Source)[0].Id : null)}";
        }
    }

    // The institution a row names. Where several answer, the one where the contact already is.
    private static KnownPlace? PlaceOf(Judged row, Contact contact)
    {
        if (!row.Source.NamesInstitution)
        {
            return null;
        }

        var places = row.Known.PlacesOf(row.Source);
        if (places.Count > 1)
        {
            var held = places.Where(place => contact.Roles.Any(role => role.EndedOn is null && role.InstitutionId == place.Id)).ToList();
            places = held.Count > 0 ? held : places;
        }

        return places switch
        {
            [var only] => only,
            [] => throw new BusinessRuleException("Aucun établissement ne répond à ce numéro ou à ce nom : importez-le d'abord, ou videz la cellule pour garder le contact sans établissement.", nameof(ContactRoleDetails.InstitutionId)),
            _ => throw new BusinessRuleException($"{places.Count} établissements répondent à ce nom ou à ce SIRET : ajoutez le numéro FINESS ou la ville pour dire lequel.", nameof(ContactRoleDetails.InstitutionId)),
        };
    }

    // The place that the row changes, and what it becomes; no place known means that the contact takes one, none wanted that the row says nothing of places.
    private (ContactRole? Known, ContactRoleDetails? Wanted) PlaceWanted(Judged row, Contact contact)
    {
        var current = contact.Roles.Where(role => role.EndedOn is null).ToList();
        if (PlaceOf(row, contact) is not { } institution)
        {
            if (current is [var only])
            {
                return (only, ContactFieldMerge.Over(only.Details(), row.Source, BecomesPrimary(row, only.InstitutionId, only.IsPrimary), Terms.ClearsEmpty));
            }

            if (row.Source.DescribesPlace)
            {
                Warn(row, nameof(ContactRoleDetails.Department), current.Count == 0
                    ? "Ce contact n'a pas de poste : le rôle, le service et l'influence ne sont pas gardés sans établissement."
                    : "Ce contact a plusieurs postes : précisez l'établissement pour changer le rôle, le service ou l'influence.");
            }

            return (null, null);
        }

        if (current.Find(role => role.InstitutionId == institution.Id) is { } held)
        {
            return (held, ContactFieldMerge.Over(held.Details(), row.Source, BecomesPrimary(row, institution.Id, held.IsPrimary), Terms.ClearsEmpty));
        }

        if (contact.Roles.FirstOrDefault(role => role.InstitutionId == institution.Id) is { } left)
        {
            Warn(row, nameof(ContactRoleDetails.InstitutionId), $"{contact.FullName} a quitté cet établissement le {FrenchText.FormatDay(left.EndedOn!.Value)} : le poste n'est pas rouvert.");
            return (null, null);
        }

        return (null, ContactFieldMerge.Over(new ContactRoleDetails { InstitutionId = institution.Id }, row.Source, BecomesPrimary(row, institution.Id, isPrimary: false), clearsEmpty: false));
    }

    // One contact at most is the first to call; the file names another, it never leaves an institution without.
    private bool BecomesPrimary(Judged row, Guid institutionId, bool isPrimary)
    {
        if (row.Source.IsPrimary is not true)
        {
            if (isPrimary && row.Source.IsPrimary is false)
            {
                Warn(row, nameof(ContactRoleDetails.IsPrimary), "C'est le contact principal de l'établissement : il le reste tant qu'un autre ne l'est pas.");
            }

            return isPrimary;
        }

        if (Claims.LineOf(PrimaryKeyOf(institutionId)) is { } line && line != row.Line.LineNumber)
        {
            Warn(row, nameof(ContactRoleDetails.IsPrimary), $"Le contact principal de cet établissement est déjà celui de la ligne {line}.");
            return false;
        }

        return true;
    }

    private void MakeRoom(Judged row, Contact contact, ContactRoleDetails place)
    {
        if (!place.IsPrimary || row.Source.IsPrimary is not true)
        {
            return;
        }

        Claims.Take(PrimaryKeyOf(place.InstitutionId!.Value), row.Line.LineNumber);
        foreach (var other in row.Known.PrimariesOf(place.InstitutionId.Value).Where(role => role.ContactId != contact.Id && role.IsPrimary))
        {
            Track(row, row.Known.HolderOf(other) ?? (object)other);
            other.Demote();
        }
    }

    // An address may have passed from one person to the next: the check shows it before it happens.
    private void WarnOfNewName(Judged row, Contact contact)
    {
        var source = row.Source;
        if (source.Id is null && source.LastName is not null && (source.Rpps is null || source.Rpps != contact.Rpps) && SearchKey.Fold(source.LastName) != SearchKey.Fold(contact.LastName) && source.NameKey != PersonNames.KeyOf(contact.FirstName, contact.LastName))
        {
            Warn(row, nameof(ContactDetails.Email), $"Cette adresse est celle de {contact.FullName} : son nom change.", source.Email);
        }
    }
}
