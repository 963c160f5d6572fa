using MedCrm.Core.Engagement;
using MedCrm.Web.Customers;
using MedCrm.Web.Engagement;
using MedCrm.Web.FollowUp;
using MedCrm.Web.Kit;
using MedCrm.Web.Sales;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Components.Layout;

/// <summary>What « Nouveau » and the palette create: the short form opens over the page on show and already knows the record of that page.</summary>
public sealed class Creations(Panels panels, NavigationManager navigation)
{
    /// <summary>A deal, for the institution or the contact on show.</summary>
    public Task OpportunityAsync() => panels.OpenAsync<NewOpportunityPanel>((nameof(NewOpportunityPanel.InstitutionId), Shown("institutions")), (nameof(NewOpportunityPanel.ContactId), Shown("contacts")));

    /// <summary>A task about the record on show.</summary>
    public Task TaskAsync() => panels.OpenAsync<TaskPanel>(
        (nameof(TaskPanel.InstitutionId), Shown("institutions")),
        (nameof(TaskPanel.ContactId), Shown("contacts")),
        (nameof(TaskPanel.OpportunityId), Shown("opportunities")));

    /// <summary>A call, a meeting or a note about the record on show.</summary>
    public Task ActivityAsync(ActivityKind kind) => panels.OpenAsync<ActivityPanel>(
        (nameof(ActivityPanel.Kind), kind),
        (nameof(ActivityPanel.InstitutionId), Shown("institutions")),
        (nameof(ActivityPanel.ContactId), Shown("contacts")),
        (nameof(ActivityPanel.OpportunityId), Shown("opportunities")));

    /// <summary>A contact, with a place in the institution on show; away from institutions its page opens.</summary>
    public async Task ContactAsync()
    {
        var institution = Shown("institutions");
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

    // The address says which record the page is about.
    private Guid? Shown(string room)
        => new Uri(navigation.Uri).Segments is ["/", var first, var second, ..] && first == room + "/" && Guid.TryParse(second.TrimEnd('/'), out var id) ? id : null;
}
