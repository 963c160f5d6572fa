using MedCrm.Core.Printing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MedCrm.Web.Printing;

/// <summary>Turns a document into the page that is printed, framed and shown: everything in it is encoded, nothing of it is loaded from elsewhere.</summary>
public sealed class PrintRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <summary>The whole page.</summary>
    public async Task<string> RenderAsync(DocumentPrint print)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<PrintPage>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PrintPage.Print)] = print }));
            return page.ToHtmlString();
        });
    }
}
