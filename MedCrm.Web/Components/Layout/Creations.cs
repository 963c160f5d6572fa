using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Sales;
using MedCrm.Web.Customers;
using MedCrm.Web.Engagement;
using MedCrm.Web.FollowUp;
using MedCrm.Web.Invoicing;
using MedCrm.Web.Kit;
using MedCrm.Web.Quoting;
using MedCrm.Web.Sales;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Components.Layout;

/// <summary>What « Nouveau » and the palette create: the short form opens over the page on show and already knows the record of that page.</summary>
public sealed class Creations(Panels panels, NavigationManager navigation)
{
    /// <summary>A deal, for the institution or the contact on show.</summary>
    public Task OpportunityAsync() => panels.OpenAsync<NewOpportunityPanel>((nameof(NewOpportunityPanel.InstitutionId), Shown(nameof(Institution))), (nameof(NewOpportunityPanel.ContactId), Shown(nameof(Contact))));

    /// <summary>A quote for the institution, the contact or the deal on show; its page opens.</summary>
    public Task QuoteAsync() => panels.OpenAsync<NewQuotePanel>(
        (nameof(NewQuotePanel.InstitutionId), Shown(nameof(Institution))),
        (nameof(NewQuotePanel.ContactId), Shown(nameof(Contact))),
        (nameof(NewQuotePanel.OpportunityId), Shown(nameof(Opportunity))));

    /// <summary>A task about the record on show.</summary>
    public Task TaskAsync() => panels.OpenAsync<TaskPanel>(
        (nameof(TaskPanel.InstitutionId), Shown(nameof(Institution))),
        (nameof(TaskPanel.ContactId), Shown(nameof(Contact))),
        (nameof(TaskPanel.OpportunityId), Shown(nameof(Opportunity))));

    /// <summary>A call, a meeting or a note about the record on show.</summary>
    public Task ActivityAsync(ActivityKind kind) => panels.OpenAsync<ActivityPanel>(
        (nameof(ActivityPanel.Kind), kind),
        (nameof(ActivityPanel.InstitutionId), Shown(nameof(Institution))),
        (nameof(ActivityPanel.ContactId), Shown(nameof(Contact))),
        (nameof(ActivityPanel.OpportunityId), Shown(nameof(Opportunity))));

    /// <summary>A contact, with a place in the institution on show; away from institutions its page opens.</summary>
    public async Task ContactAsync()
    {
        var institution = Shown(nameof(Institution));
        if (await panels.OpenAsync<NewContactPanel>((nameof(NewContactPanel.InstitutionId), institution)) is { } id && institution is null)
        {
            navigation.NavigateTo($"/contacts/{id}");
        }
    }

    /// <summary>An institution, whose page opens.</summary>
    public async Task InstitutionAsync()
    {
        if (await panels.OpenAsync<NewInstitutionPanel>() is { } id)
        {
            navigation.NavigateTo($"/institutions/{id}");
        }
    }

    /// <summary>An invoice draft, for the record on show; its page opens.</summary>
    public async Task InvoiceAsync()
    {
        if (await panels.OpenAsync<NewInvoicePanel>(
            (nameof(NewInvoicePanel.InstitutionId), Shown(nameof(Institution))),
            (nameof(NewInvoicePanel.ContactId), Shown(nameof(Contact))),
            (nameof(NewInvoicePanel.OpportunityId), Shown(nameof(Opportunity)))) is { } id)
        {
            navigation.NavigateTo($"/invoices/{id}");
        }
    }

    /// <summary>Money received, from the institution on show.</summary>
    public Task PaymentAsync() => panels.OpenAsync<PaymentPanel>((nameof(PaymentPanel.InstitutionId), Shown(nameof(Institution))));

    private Guid? Shown(string recordType) => ShownRecord.Of(navigation.Uri) is { } shown && shown.RecordType == recordType ? shown.Id : null;
}
