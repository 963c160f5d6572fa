using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedCrm.Core.Data;

// For `dotnet ef migrations add`, which needs a model and no database.
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<MedCrmDbContext>
{
    public MedCrmDbContext CreateDbContext(string[] args)
        => new(
            new DbContextOptionsBuilder<MedCrmDbContext>().UseSqlite("Data Source=:memory:").Options,
            new WriteGate(),
            new ChangeNews(NullLogger<ChangeNews>.Instance),
            new BusinessClock(TimeProvider.System, TimeZoneInfo.Utc));
}
