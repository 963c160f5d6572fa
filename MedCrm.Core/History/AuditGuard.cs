using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>
/// Makes the audit append-only for every way into the file: what was written stays as it was written. Only the mark of « taken back » is
/// ever set afterwards. The triggers are laid again at each start because a migration that rebuilds a table drops them.
/// </summary>
internal static class AuditGuard
{
    /// <summary>Lays the triggers.</summary>
    public static Task EnsureAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(
            """
            DROP TRIGGER IF EXISTS RecordChangesStay;
            CREATE TRIGGER RecordChangesStay BEFORE DELETE ON RecordChanges BEGIN SELECT RAISE(ABORT, 'The audit is append-only'); END;
            DROP TRIGGER IF EXISTS RecordChangesKeep;
            CREATE TRIGGER RecordChangesKeep BEFORE UPDATE ON RecordChanges BEGIN SELECT RAISE(ABORT, 'The audit is append-only'); END;
            DROP TRIGGER IF EXISTS ChangeSetsStay;
            CREATE TRIGGER ChangeSetsStay BEFORE DELETE ON ChangeSets BEGIN SELECT RAISE(ABORT, 'The audit is append-only'); END;
            DROP TRIGGER IF EXISTS ChangeSetsKeep;
            CREATE TRIGGER ChangeSetsKeep BEFORE UPDATE OF Id, At, ActorId, ActorName, Sentence, Origin, RevertsId ON ChangeSets
            BEGIN SELECT RAISE(ABORT, 'The audit is append-only'); END;
            DROP TRIGGER IF EXISTS SignatureEventsStay;
            CREATE TRIGGER SignatureEventsStay BEFORE DELETE ON SignatureEvents BEGIN SELECT RAISE(ABORT, 'The evidence is append-only'); END;
            DROP TRIGGER IF EXISTS SignatureEventsKeep;
            CREATE TRIGGER SignatureEventsKeep BEFORE UPDATE ON SignatureEvents BEGIN SELECT RAISE(ABORT, 'The evidence is append-only'); END;
            DROP TRIGGER IF EXISTS SignatureEvidencesStay;
            CREATE TRIGGER SignatureEvidencesStay BEFORE DELETE ON SignatureEvidences BEGIN SELECT RAISE(ABORT, 'The evidence is append-only'); END;
            DROP TRIGGER IF EXISTS SignatureEvidencesKeep;
            CREATE TRIGGER SignatureEvidencesKeep BEFORE UPDATE OF Id, QuoteId, LinkId, QuoteName, PdfSha256, SignerName, SignerQuality, SignerEmail, HasCode, ConsentText, ConsentVersion, Options, Gross, Drawing, InvitedByName, SignedAt
            ON SignatureEvidences BEGIN SELECT RAISE(ABORT, 'The evidence is append-only'); END;
            """,
            cancellationToken);
}
