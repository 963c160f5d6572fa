using MedCrm.Core.Customers;
using MedCrm.Web.Kit.Forms;

namespace MedCrm.Tests.Kit;

public sealed class FormDraftTests
{
    private readonly InstitutionDetails _details = new() { Name = "CHU de Nantes", City = "Nantes", Tags = ["IRM"] };

    [Fact]
    public void A_form_nobody_changed_leaves_nothing_to_keep()
    {
        var draft = new FormDraft([_details]);
        Assert.Null(draft.Changes());

        _details.City = "Rezé";
        Assert.NotNull(draft.Changes());

        _details.City = "Nantes";
        Assert.Null(draft.Changes());
    }

    [Fact]
    public void What_was_changed_returns_with_its_type_and_nothing_else_moves()
    {
        var draft = new FormDraft([_details]);
        (_details.City, _details.BedsSurgery, _details.Status, _details.LastAuditOn, _details.OwnerId, _details.Tags) = ("Rezé", 40, CustomerStatus.Customer, new DateOnly(2026, 3, 5), Guid.Parse("0198a000-0000-7000-8000-000000000001"), ["IRM", "Ouest"]);
        var kept = draft.Changes()!;

        var later = new InstitutionDetails { Name = "CHU, renommé depuis", City = "Nantes", Tags = ["IRM"] };
        var overtaken = new FormDraft([later]).Resume(kept);

        Assert.Equal(("CHU, renommé depuis", "Rezé", 40, CustomerStatus.Customer, new DateOnly(2026, 3, 5)), (later.Name, later.City, later.BedsSurgery, later.Status, later.LastAuditOn));
        Assert.Equal(_details.OwnerId, later.OwnerId);
        Assert.Equal(["IRM", "Ouest"], later.Tags);
        Assert.Empty(overtaken);
    }

    [Fact]
    public void A_field_that_somebody_changed_since_is_told()
    {
        var draft = new FormDraft([_details]);
        (_details.City, _details.Email) = ("Rezé", "bloc@chu.fr");
        var kept = draft.Changes()!;

        var later = new InstitutionDetails { Name = "CHU de Nantes", City = "Orvault", Tags = ["IRM"] };

        Assert.Equal(["Ville"], new FormDraft([later]).Resume(kept));
        Assert.Equal("Rezé", later.City);
    }

    [Fact]
    public void A_field_that_now_holds_what_the_draft_says_is_not_told()
    {
        var draft = new FormDraft([_details]);
        _details.City = "Rezé";
        var kept = draft.Changes()!;

        Assert.Empty(new FormDraft([new InstitutionDetails { Name = "CHU de Nantes", City = "Rezé", Tags = ["IRM"] }]).Resume(kept));
    }

    [Fact]
    public void A_field_that_the_program_no_longer_has_is_let_go_and_the_others_return()
    {
        var later = new InstitutionDetails { Name = "CHU de Nantes", City = "Nantes" };

        var overtaken = new FormDraft([later]).Resume("""[{"Gone":{"seen":null,"mine":"x"},"BedsTotal":{"seen":1,"mine":2},"City":{"seen":"Nantes","mine":"Rezé"}}]""");

        Assert.Equal("Rezé", later.City);
        Assert.Empty(overtaken);
    }

    [Fact]
    public void Each_part_of_a_form_keeps_its_own()
    {
        var (person, place) = (new ContactDetails { LastName = "Renaud" }, new ContactRoleDetails { Title = "Cheffe du bloc" });
        var draft = new FormDraft([person, place]);
        place.Title = "Acheteuse";
        var kept = draft.Changes()!;

        var (later, laterPlace) = (new ContactDetails { LastName = "Renaud" }, new ContactRoleDetails { Title = "Cheffe du bloc" });
        new FormDraft([later, laterPlace]).Resume(kept);

        Assert.Equal(("Renaud", "Acheteuse"), (later.LastName, laterPlace.Title));
    }

    [Fact]
    public void What_the_page_fills_in_before_anybody_types_is_not_a_draft()
    {
        var draft = new FormDraft([_details]);
        _details.OwnerId = Guid.NewGuid();
        draft.Open();

        Assert.Null(draft.Changes());
    }
}
