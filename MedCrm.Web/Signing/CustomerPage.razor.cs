using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Signing;
using MedCrm.Web.Account;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Signing;

/// <summary>The page of a quote for the customer who holds its secret address.</summary>
public sealed partial class CustomerPage
{
    // What has its own place on the page is told there.
    private static readonly string[] s_places = ["Name", "Quality", "Consents", "Code", "Drawing", "Question", "RefusalReason"];

    private CustomerQuote _quote = new() { State = CustomerPageState.Unknown };
    private BusinessRuleException? _refusal;
    private (string Act, string Text)? _said;
    private bool _isThrottled;
    private string? _name;
    private string? _quality;
    private string? _drawing;
    private string? _question;
    private string? _reason;
    private bool _consents;
    private List<Guid> _options = [];

    /// <summary>The secret of the address.</summary>
    [Parameter] public string Token { get; set; } = "";

    [CascadingParameter] private HttpContext HttpContext { get; set; } = null!;
    [Inject] private CustomerQuotes Quotes { get; set; } = null!;
    [Inject] private Signatures Signatures { get; set; } = null!;
    [Inject] private CustomerThrottle Throttle { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private ILogger<CustomerPage> Logger { get; set; } = null!;

    // With the options ticked so far; once accepted, those taken count by themselves.
    private DocumentTotals Totals => _quote.TotalsWith(_options);

    private Visitor Visitor => SigningRoom.VisitorOf(HttpContext);

    protected override async Task OnInitializedAsync()
    {
        SigningRoom.KeepQuiet(HttpContext.Response);
        var from = HttpContext.Connection.RemoteIpAddress;
        if (!Throttle.Tries.TryTake(from))
        {
            _isThrottled = true;
            HttpContext.Response.TooMany();
            return;
        }

        _quote = await Quotes.OpenAsync(Token, Visitor, HttpContext.RequestAborted);
        _name = _quote.ReaderName.Contains('@', StringComparison.Ordinal) ? null : _quote.ReaderName;
        if (_quote.State is not CustomerPageState.Unknown)
        {
            Throttle.Tries.GiveBack(from);
        }
        else
        {
            // Said at the last moment: told earlier, the framework would answer with its own page for missing addresses.
            HttpContext.Response.OnStarting(() =>
            {
                HttpContext.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }
    }

    private async Task AnswerAsync()
    {
        var form = HttpContext.Request.Form;
        (_name, _quality, _drawing) = (form["Name"].ToString(), form["Quality"].ToString(), form["drawing"].ToString());
        _consents = form["consents"] == "yes";
        _options = [.. form["options"].Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];
        if (form["act"] == "totals")
        {
            return;
        }

        if (form["act"] == "code")
        {
            await DoAsync(async () =>
            {
                await Quotes.SendCodeAsync(Token, Visitor);
                _said = ("code", T["Le code est parti à {0}. Il arrive dans la minute.", _quote.ReaderEmail ?? ""]);
                _quote = _quote with { CodeIsUnderWay = true };
            });
            return;
        }

        await DoAsync(async () =>
        {
            var evidence = await Quotes.AcceptAsync(Token, new SigningDetails { Name = _name, Quality = _quality, Drawing = _drawing, Consents = _consents, Code = form["Code"].ToString(), OptionIds = _options }, Visitor);
            await FinishAsync(evidence);
            Navigation.NavigateTo($"/p/{Token}");
        });
    }

    private async Task AskAsync()
    {
        _question = HttpContext.Request.Form["question"].ToString();
        await DoAsync(async () =>
        {
            await Quotes.AskAsync(Token, _question, Visitor);
            _question = null;
            _said = ("question", T["Votre question est arrivée. Une réponse vous parviendra bientôt."]);
        });
    }

    private async Task RefuseAsync()
    {
        _reason = HttpContext.Request.Form["reason"].ToString();
        await DoAsync(async () =>
        {
            await Quotes.RefuseAsync(Token, _reason, Visitor);
            Navigation.NavigateTo($"/p/{Token}");
        });
    }

    private async Task DoAsync(Func<Task> act)
    {
        if (_quote.State is not CustomerPageState.Open)
        {
            return;
        }

        try
        {
            await act();
        }
        catch (BusinessRuleException refusal)
        {
            _refusal = refusal;

            // Another tab, or a colleague of theirs, may have answered meanwhile: the page then says so.
            if (refusal.Field is null)
            {
                _quote = await Quotes.OpenAsync(Token, Visitor);
            }
        }
    }

    // The signature stands: what follows it is done again later if it fails now.
    private async Task FinishAsync(Guid evidenceId)
    {
        try
        {
            await Signatures.FinishAsync(evidenceId);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Logger.LogError(failure, "The certificate of {EvidenceId} is left for later", evidenceId);
        }
    }

    private static bool IsElsewhere(string? field) => field is null || !s_places.Contains(field);

    private string TitleOf() => _quote.State is CustomerPageState.Unknown ? T["Devis"] : T["Devis {0}", _quote.QuoteName];

    private string EndIcon() => _isThrottled ? "hourglass_top" : _quote.State switch
    {
        CustomerPageState.Accepted => "verified",
        CustomerPageState.Unknown => "link_off",
        CustomerPageState.Altered => "gpp_bad",
        CustomerPageState.Refused => "block",
        _ => "history",
    };

    private string EndTitle() => _isThrottled ? T["Un instant, s'il vous plaît"] : _quote.State switch
    {
        CustomerPageState.Accepted => T["Ce devis est accepté"],
        CustomerPageState.Refused => T["Ce devis a été refusé"],
        CustomerPageState.QuoteReplaced => T["Ce devis a été remplacé"],
        CustomerPageState.QuoteExpired => T["La validité de ce devis est passée"],
        CustomerPageState.LinkReplaced => T["Ce lien a été remplacé"],
        CustomerPageState.LinkExpired => T["Ce lien n'est plus valable"],
        CustomerPageState.Altered => T["Ce devis ne peut pas être signé pour l'instant"],
        _ => T["Cette adresse ne mène à rien"],
    };

    private string EndText() => _isThrottled ? T["Trop de demandes viennent de votre adresse. Réessayez dans une minute."] : _quote.State switch
    {
        CustomerPageState.Accepted when _quote.DecidedAt is { } at => T["Le devis {0} a été accepté le {1} par {2}. Merci de votre confiance.", _quote.QuoteName, FrenchText.FormatDay(DateOnly.FromDateTime(at)), _quote.DecidedBy ?? ""],
        CustomerPageState.Refused when _quote.DecidedAt is { } at => T["La réponse a été enregistrée le {0}. Votre interlocuteur en est prévenu.", FrenchText.FormatDay(DateOnly.FromDateTime(at))],
        CustomerPageState.QuoteReplaced => T["Une nouvelle version du devis {0} a été préparée. Demandez-la à votre interlocuteur si vous ne l'avez pas reçue.", _quote.QuoteName],
        CustomerPageState.QuoteExpired => T["Le devis {0} pouvait être accepté jusqu'au {1}. Votre interlocuteur peut le prolonger.", _quote.QuoteName, FrenchText.FormatDay(_quote.ValidUntil)],
        CustomerPageState.LinkReplaced => T["Un lien plus récent vous a été envoyé : c'est lui qui mène au devis."],
        CustomerPageState.LinkExpired => T["Il répondait jusqu'au {0}. Demandez-en un nouveau à votre interlocuteur.", FrenchText.FormatDay(DateOnly.FromDateTime(_quote.LinkUntil))],
        CustomerPageState.Altered => T["Le fichier conservé sur le serveur n'est pas celui qui vous a été envoyé. Prévenez votre interlocuteur : rien ne peut être signé tant que ce n'est pas réparé."],
        _ => T["Le lien est incomplet, ou n'existe plus. Ouvrez-le depuis l'e-mail reçu, sans rien en retirer."],
    };
}
