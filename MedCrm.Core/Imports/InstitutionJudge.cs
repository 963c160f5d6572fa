using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Judges rows of institutions. A row is known by its identifier, else its FINESS number, else its SIRET, its e-mail, its name and town.</summary>
internal sealed class InstitutionJudge(JudgeTerms terms) : ImportJudge<InstitutionSource, Institution, KnownInstitutions>(terms)
{
    private const string Other = "Cet établissement est suivi par une autre équipe : vous ne pouvez pas le modifier.";

    /// <inheritdoc/>
    protected override Task<KnownInstitutions> FindKnownAsync(MedCrmDbContext db, IReadOnlyList<InstitutionSource> sources, CancellationToken cancellationToken)
        => KnownInstitutions.FindAsync(db, sources, Terms.Actor, cancellationToken);

    /// <inheritdoc/>
    protected override (IEnumerable<string> Sought, IEnumerable<string> Left) KeysOf(Judged row)
    {
        var keys = KeysOf(row.Source).ToList();
        return (keys, keys);
    }

    /// <inheritdoc/>
    protected override Institution? Match(Judged row)
    {
        if (row.Known.Match(row.Source, Claims.IsTaken) is not { } institution)
        {
            return null;
        }

        if (!Terms.Actor.Sees(institution))
        {
            throw new BusinessRuleException(Other);
        }

        if (row.Source.FinessEt is { } finess && row.Known.HolderOf(finess) is { } holder && holder.Id != institution.Id)
        {
            throw new BusinessRuleException(Terms.Actor.Sees(holder) ? (Sentence)$"Ce numéro FINESS est déjà celui de « {holder.Name} »." : "Ce numéro FINESS est déjà celui d'un autre établissement.", nameof(InstitutionDetails.FinessEt));
        }

        return institution;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IRecorded> Create(Judged row, Actor? owner)
    {
        var institution = new Institution(InstitutionFieldMerge.Over(new InstitutionDetails(), row.Source, owner, clearsEmpty: false), Terms.Now());
        return [institution, .. institution.Labels];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FieldDifference> Change(Judged row, Institution institution, Actor? owner)
    {
        var before = DetailsOf(institution);
        var wanted = InstitutionFieldMerge.Over(before, row.Source, owner, Terms.ClearsEmpty);
        if (FieldMerge.Differences(before, wanted).Count == 0)
        {
            return [];
        }

        var untrack = Track(row, institution);
        List<FieldDifference> differences = [];
        try
        {
            institution.Edit(wanted, Terms.Now());
            differences = FieldMerge.Differences(before, DetailsOf(institution));
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
        (nameof(InstitutionDetails.CategoryCode), string code) when Nomenclature.Category(code) is { } category => $"{category.ShortLabel} ({category.Code})",
        (nameof(InstitutionDetails.LegalStatusCode), string code) when Nomenclature.LegalStatus(code) is { } status => $"{status.Label} ({status.Code})",
        (nameof(InstitutionDetails.TeamId), Guid team) => TeamOf(team),
        _ => DisplayText.Of(value, NameOf),
    };

    /// <inheritdoc/>
    protected override string LabelOf(string field) => Labels.Of(typeof(InstitutionDetails), field);

    /// <inheritdoc/>
    protected override ImportField? ColumnOf(string field) => field switch
    {
        nameof(InstitutionDetails.CategoryCode) => ImportField.Category,
        nameof(InstitutionDetails.LegalStatusCode) => ImportField.LegalStatus,
        nameof(InstitutionDetails.DepartmentCode) => ImportField.Department,
        nameof(InstitutionDetails.OwnerId) => ImportField.Owner,
        // The others carry the name of their column.
        _ => Enum.TryParse<ImportField>(field, out var column) ? column : null,
    };

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(InstitutionSource source) => (source.Name ?? "", DetailOf(source.Finess, source.City));

    /// <inheritdoc/>
    protected override (string Name, string? Detail) Described(Judged row, Institution institution) => (institution.Name, DetailOf(institution.FinessEt ?? institution.FinessEj, institution.City));

    // Numbers whose key is wrong are kept on both sides of a comparison: registers publish such numbers, and the row carries a warning.
    private static InstitutionDetails DetailsOf(Institution institution) => institution.Details() with { AcceptsWrongKeys = true };

    private static string? DetailOf(string? finess, string? city) => (finess, city) switch
    {
        (null, _) => city,
        (_, null) => finess,
        _ => $"{finess} · {city}",
    };

    // Two rows that share one of these describe the same institution; names and towns count only where nothing surer is given.
    private static IEnumerable<string> KeysOf(InstitutionSource source)
    {
        if (source.Id is { } id)
        {
            yield return $"I{id}";
        }

        if (source.Finess is { } finess)
        {
            yield return (source.IsLegalEntity ? "J" : "E") + finess;
        }

        if (source.Id is null && source.Finess is null)
        {
            var name = SearchKey.Fold(source.Name ?? "");
            yield return source switch
            {
                { Siret: { } siret } => $"S{siret}|{name}",
                { Email: { } email } => $"M{email.ToLowerInvariant()}|{name}",
                _ => $"N{name}|{source.Postcode}|{SearchKey.Fold(source.City ?? "")}",
            };
        }
    }
}
