using MedCrm.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Printing;

/// <summary>Printed documents: what they say and the files they become. The program that serves replaces the printer, which prints nothing here.</summary>
public static class PrintingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddPrinting(this IServiceCollection services)
        => services
            .AddSingleton<IDocumentPrinter, NoPrinter>()
            .AddSingleton<PrintReader>()
            .AddSingleton<PrintedFiles>()
            .AddSingleton<IFileReferences>(provider => provider.GetRequiredService<PrintedFiles>())
            .AddSingleton<IDataCheck, PrintedFilesCheck>()
            .AddScoped<DocumentPrints>();
}
