using System.Security.Cryptography;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Documents;

// A document has the version that it says is in force, and each file is as it was received. A file that is not there at all is told by StoredFilesCheck.
internal sealed class DocumentsCheck(DocumentFiles files) : IDataCheck
{
    public string Name => "Documents";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var faults = await db.Documents.IgnoreQueryFilters()
            .Where(document => !db.DocumentVersions.Any(version => version.DocumentId == document.Id && version.Number == document.CurrentNumber))
            .Select(document => $"« {document.Name} » n'a pas la version qu'il dit en vigueur")
            .ToListAsync(cancellationToken);
        foreach (var version in await db.DocumentVersions.IgnoreQueryFilters().Select(v => new { v.PathKey, v.FileName, v.Length, v.Sha256 }).ToListAsync(cancellationToken))
        {
            if (files.Has(version.PathKey))
            {
                await using var file = File.OpenRead(files.PathOf(version.PathKey));
                if (file.Length != version.Length || Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != version.Sha256)
                {
                    faults.Add($"« {version.FileName} » ({version.PathKey}) n'est plus le fichier qui a été reçu");
                }
            }
        }

        return faults;
    }
}
