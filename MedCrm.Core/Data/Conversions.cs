using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MedCrm.Core.Data;

// SQLite has no decimal: EF keeps one as text and sorts it under the current culture, which ends the process under fr-FR.
internal sealed class Cents() : ValueConverter<decimal, long>(
    euros => (long)decimal.Round(euros * 100, 0, MidpointRounding.AwayFromZero),
    cents => cents / 100m);

// SQLite forgets that a moment is UTC.
internal sealed class UtcMoment() : ValueConverter<DateTime, DateTime>(
    moment => moment,
    stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));
