using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Documents;

/// <summary>Files on any record.</summary>
public static class DocumentsRoom
{
    /// <summary>Registers the room, with the usual settings: whoever registers others afterwards prevails.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services)
        => services
            .AddSingleton(new DocumentSettings())
            .AddSingleton<DocumentFiles>()
            .AddSingleton<IFileReferences>(provider => provider.GetRequiredService<DocumentFiles>())
            .AddSingleton<DocumentUploads>()
            .AddScoped<DocumentShelf>()
            .AddList<DocumentList>();
}
