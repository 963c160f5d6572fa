namespace MedCrm.Core.Customers;

/// <summary>The numbers that a register gives an institution: what tells it from its namesakes.</summary>
internal readonly record struct InstitutionNumbers(string? FinessEt, string? FinessEj, bool IsLegalEntity, string? Siret)
{
    /// <summary>Whether both carry the same FINESS: that of the site, or that of the legal entity when both are one.</summary>
    public bool Agree(InstitutionNumbers other)
        => (FinessEt is not null && FinessEt == other.FinessEt) || (IsLegalEntity && other.IsLegalEntity && FinessEj is not null && FinessEj == other.FinessEj);

    /// <summary>Whether the numbers say two institutions: one that carries another number is another institution, however alike.</summary>
    public bool Contradict(InstitutionNumbers other)
        => !Agree(other)
            && ((FinessEt is not null && (other.FinessEt is not null || other.IsLegalEntity))
                || (other.FinessEt is not null && IsLegalEntity)
                || ((IsLegalEntity || other.IsLegalEntity) && FinessEj is not null && other.FinessEj is not null && FinessEj != other.FinessEj)
                || (Siret is not null && other.Siret is not null && Siret != other.Siret));
}
