using MedCrm.Core.Data.Backup;
using MedCrm.Core.Data.Demo;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Sales;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Data;

/// <summary>What keeps the data: the database's installation, its backups and checks, and the demonstration.</summary>
public static class DataRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddDataRoom(this IServiceCollection services)
        => services
            .AddSingleton<InstanceLock>()
            .AddSingleton<Installation>()
            .AddSingleton<BackupArchives>()
            .AddScoped<Backups>()
            .AddSingleton<StoredFiles>()
            .AddScoped<IConsoleCommand, BackupCommand>()
            .AddScoped<IConsoleCommand, RestoreCommand>()
            .AddScoped<IConsoleCommand, CheckCommand>()
            .AddSingleton<IDataCheck, HistoryCheck>()
            .AddSingleton<IDataCheck, SalesCheck>()
            .AddSingleton<IDataCheck, InvoicingCheck>()
            .AddSingleton<IDataCheck, DocumentsCheck>()
            .AddSingleton<IDataCheck, StoredFilesCheck>()
            .AddSingleton<DemoWorld>();
}
