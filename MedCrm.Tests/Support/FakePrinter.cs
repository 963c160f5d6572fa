using System.Text;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;

namespace MedCrm.Tests.Support;

/// <summary>A printer that needs no browser: what it gives begins as a PDF does and says what was printed. A test takes it away, or has it fail.</summary>
public sealed class FakePrinter : IDocumentPrinter
{
    private int _printed;

    public bool IsAvailable { get; set; } = true;

    /// <summary>How many documents it printed.</summary>
    public int Printed => _printed;

    /// <summary>Prints the same bytes again, as a browser does within a second.</summary>
    public bool IsSteady { get; set; }

    /// <summary>Called before each print: to look at what is open meanwhile, or to fail.</summary>
    public Func<PrintedKind, Guid, Task>? OnPrint { get; set; }

    public async Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default)
    {
        if (!IsAvailable)
        {
            throw new BusinessRuleException("Aucun navigateur n'est installé sur le serveur.");
        }

        await (OnPrint?.Invoke(kind, id) ?? Task.CompletedTask);
        var content = Encoding.UTF8.GetBytes($"%PDF-1.4\n{kind} {id} {(Interlocked.Increment(ref _printed), IsSteady) switch { (_, true) => 0, var (times, _) => times }}\n%%EOF\n");
        return new PrintedDocument(content, PrintedFiles.Fingerprint(content));
    }

    public Task<PrintedDocument> PrintLeavingQuoteAsync(Guid quoteId, CancellationToken cancellationToken = default) => PrintAsync(PrintedKind.Quote, quoteId, cancellationToken);
}
