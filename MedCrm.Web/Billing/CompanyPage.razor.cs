using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MedCrm.Web.Billing;

/// <summary>The settings of the company that sells.</summary>
public sealed partial class CompanyPage
{
    private const string UsualAccent = "#0B7A75";

    private readonly FormState _form = new();
    private ConflictDialog? _conflicts;
    private CompanySheet? _sheet;
    private CompanyDetails? _details;
    private Sentence? _logoRefusal;

    [Inject]
    private CompanySettings Company { get; set; } = null!;

    [Inject]
    private Acts Acts { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [Inject]
    private ScreenTime Time { get; set; } = null!;

    private IReadOnlyList<SelectOption<string?>> Forms
        => [.. LegalForms.All.Select(form => form.Name).Union(_details?.LegalForm is { } own ? [own] : []).Select(name => new SelectOption<string?>(name, name))];

    private string? SirenOfSiret => _details?.Siret is { } siret && Siret.IsValid(siret) ? Siret.Normalize(siret)![..9] : null;

    private string? VatOfSiren => _details is { IsVatExempt: false } details && (Siren.IsValid(details.Siren ?? "") ? details.Siren : SirenOfSiret) is { } siren ? VatNumber.FromSiren(siren) : null;

    private string AccentShown => _details?.Accent is { Length: 7 } accent && accent[0] == '#' && accent.Skip(1).All(char.IsAsciiHexDigit) ? accent : UsualAccent;

    private string? DueHelp => _details is { TermDays: { } days and >= 0 and <= 120 } details
        ? T["Émise aujourd'hui, une facture serait à payer le {0}.", FrenchText.FormatDay(new PaymentTerm(details.TermKind, days).DueOn(Time.Today))].Value
        : null;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _sheet = await Company.ReadAsync();
        _details = _sheet.Details with { };
    }

    private async Task SaveAsync()
    {
        if (await _conflicts!.SaveAsync(_sheet!.Details, _details!, (seen, mine) => Company.EditAsync(seen, mine)) is { } done)
        {
            Toasts.Show(done);
            await LoadAsync();

            // The fields are bound to what was just read.
            StateHasChanged();
        }
    }

    // The logo is kept at once; what is being typed stays as it is.
    private async Task TakeLogoAsync(InputFileChangeEventArgs chosen)
    {
        _logoRefusal = null;
        await Acts.DoAsync(
            async () =>
            {
                if (chosen.File.Size > CompanyLogos.MostOctets)
                {
                    throw new BusinessRuleException("Ce logo dépasse 1 Mo : réduisez l'image.", CompanyLogos.Field);
                }

                await using var image = chosen.File.OpenReadStream(CompanyLogos.MostOctets);
                return await Company.SetLogoAsync(image);
            },
            refusal => _logoRefusal = refusal.Sentence);
        _sheet = await Company.ReadAsync() with { Details = _sheet!.Details };
    }

    private async Task RemoveLogoAsync()
    {
        _logoRefusal = null;
        await Acts.DoAsync(() => Company.RemoveLogoAsync());
        _sheet = await Company.ReadAsync() with { Details = _sheet!.Details };
    }

    private void TakeAccent(ChangeEventArgs chosen) => _details!.Accent = chosen.Value?.ToString()?.ToUpperInvariant();

    private string LegalLine(CompanyDetails details) => string.Join(" · ", new[]
    {
        Joined(details.LegalName, details.LegalForm),
        details.ShareCapital is { } capital ? T["capital de {0}", FrenchText.FormatWholeAmount(capital)].Value : null,
        details.Siren is { } siren ? $"SIREN {siren}" : SirenOfSiret is { } derived ? $"SIREN {derived}" : null,
        details.RcsCity is { } town ? $"RCS {town}" : null,
        details.VatNumber is { } vat ? $"TVA {vat}" : null,
    }.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static string Joined(params string?[] parts) => string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
}
