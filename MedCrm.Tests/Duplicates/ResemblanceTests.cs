using MedCrm.Core.Customers;
using MedCrm.Core.Duplicates;

namespace MedCrm.Tests.Duplicates;

public sealed class ResemblanceTests
{
    private static readonly InstitutionDetails s_joseph = new() { Name = "Centre hospitalier Saint-Joseph", City = "Nantes", Postcode = "44000", Phone = "0240083333", Email = "accueil@ch-saint-joseph.fr" };
    private static readonly ContactDetails s_helene = new() { FirstName = "Hélène", LastName = "Renaud", Email = "h.renaud@chu.fr", Mobile = "0639981234" };

    public static TheoryData<string, InstitutionDetails, int, TwinSigns> Institutions => new()
    {
        { "abbreviated, without accents or hyphens", new() { Name = "CH ST JOSEPH", City = "NANTES CEDEX 1", Postcode = "44093" }, 80, TwinSigns.SameName | TwinSigns.SameTown },
        { "a slip of the hand", new() { Name = "Centre hospitalier Saint-Josef", City = "Nantes" }, 65, TwinSigns.CloseNames | TwinSigns.SameTown },
        { "another kind of house under the same name", new() { Name = "Clinique Saint-Joseph", Postcode = "44000" }, 65, TwinSigns.CloseNames | TwinSigns.SameTown },
        { "the same name in another town", new() { Name = "Centre hospitalier Saint-Joseph", City = "Lyon", Postcode = "69003" }, 25, TwinSigns.SameName },
        { "a town of the same name elsewhere", new() { Name = "Centre hospitalier Saint-Joseph", City = "Nantes", Postcode = "69003" }, 25, TwinSigns.SameName },
        { "the same telephone and a close name elsewhere", new() { Name = "Hôpital Saint-Joseph", City = "Rezé", Postcode = "44400", Phone = "02 40 08 33 33" }, 80, TwinSigns.SamePhone | TwinSigns.CloseNames },
        { "the switchboard of the town", new() { Name = "Institut de cancérologie", City = "Nantes", Phone = "+33240083333" }, 50, TwinSigns.SamePhone | TwinSigns.SameTown },
        { "the same mailbox", new() { Name = "Pharmacie", Email = "ACCUEIL@ch-saint-joseph.fr" }, 50, TwinSigns.SameEmail },
        { "the same domain and a close name", new() { Name = "Hôpital Saint-Joseph", Email = "achats@ch-saint-joseph.fr" }, 65, TwinSigns.SameDomain | TwinSigns.CloseNames },
        { "nothing in common", new() { Name = "Clinique Jules-Verne", City = "Nantes", Postcode = "44000" }, 0, TwinSigns.SameTown },
        { "no town typed yet", new() { Name = "Centre Hospitalier Saint Joseph" }, 40, TwinSigns.SameName },
        { "another number in the name", new() { Name = "Centre hospitalier Saint-Joseph 2", City = "Nantes" }, 0, TwinSigns.None },
    };

    public static TheoryData<string, ContactDetails, int, TwinSigns> Contacts => new()
    {
        { "the names in the other order", new() { FirstName = "RENAUD", LastName = "helene" }, 80, TwinSigns.SameName | TwinSigns.SameInstitution },
        { "a slip of the hand", new() { FirstName = "Hélene", LastName = "Renault" }, 70, TwinSigns.CloseNames | TwinSigns.SameInstitution },
        { "an initial", new() { FirstName = "H.", LastName = "Renaud" }, 70, TwinSigns.CloseNames | TwinSigns.SameInstitution },
        { "a name of marriage", new() { FirstName = "Hélène", LastName = "Renaud Dupuis" }, 70, TwinSigns.CloseNames | TwinSigns.SameInstitution },
        { "the same mobile and another e-mail", new() { FirstName = "Hélène", LastName = "Renaud", Phone = "06 39 98 12 34", Email = "h.renaud@gmail.com" }, 80, TwinSigns.SamePhone | TwinSigns.SameName },
        { "the same e-mail", new() { FirstName = "Hélène", LastName = "Renaud", Email = "H.Renaud@chu.fr" }, 94, TwinSigns.SameEmail | TwinSigns.SameName },
        { "a brother", new() { FirstName = "Paul", LastName = "Renaud" }, 0, TwinSigns.SameInstitution },
        { "another RPPS", new() { FirstName = "Hélène", LastName = "Renaud", Email = "h.renaud@chu.fr", Rpps = "10000000012" }, 0, TwinSigns.None },
    };

    [Theory]
    [MemberData(nameof(Institutions))]
    public void Institutions_look_alike_by_their_names_towns_telephones_and_addresses(string why, InstitutionDetails other, int least, TwinSigns signs)
    {
        var likeness = Resemblance.Of(s_joseph, other);

        Assert.True(likeness.Score >= least && likeness.Score < least + 20, $"{why}: {likeness.Score}, {likeness.Signs}");
        Assert.True(least == 0 || likeness.Signs.HasFlag(signs), $"{why}: {likeness.Signs}");
        Assert.Equal(likeness, Resemblance.Of(other, s_joseph));
    }

    [Theory]
    [MemberData(nameof(Contacts))]
    public void People_look_alike_by_their_names_telephones_and_mailboxes(string why, ContactDetails other, int least, TwinSigns signs)
    {
        var institution = Guid.NewGuid();
        var known = s_helene with { Rpps = other.Rpps is null ? null : "99900000003" };
        var likeness = Resemblance.Of(known, other, institution);

        Assert.True(likeness.Score >= least && likeness.Score < least + 20, $"{why}: {likeness.Score}, {likeness.Signs}");
        Assert.True(least == 0 || likeness.Signs.HasFlag(signs), $"{why}: {likeness.Signs}");
        Assert.Equal(likeness, Resemblance.Of(other, known, institution));
    }

    [Fact]
    public void Numbers_of_a_register_decide_over_all_likeness()
    {
        var site = s_joseph with { FinessEt = "440000271", Siret = "26440013600018" };

        Assert.Equal(100, Resemblance.Of(site, new() { Name = "Tout autre nom", FinessEt = "440000271" }).Score);
        Assert.Equal(0, Resemblance.Of(site, site with { FinessEt = "440000016" }).Score);
        Assert.Equal(0, Resemblance.Of(site, site with { FinessEt = null, Siret = "26440026800456" }).Score);
        Assert.Equal(0, Resemblance.Of(site, site with { FinessEt = null, IsLegalEntity = true }).Score);
    }

    [Fact]
    public void A_shared_SIRET_alone_is_weak_and_strong_with_a_close_name_in_the_same_town()
    {
        var site = new InstitutionDetails { Name = "Hôpital Nord", City = "Saint-Étienne", Siret = "26440013600018" };

        Assert.InRange(Resemblance.Of(site, new() { Name = "Clinique mutualiste", City = "Roanne", Siret = "26440013600018" }).Score, 1, Likeness.Queued - 1);
        Assert.InRange(Resemblance.Of(site, new() { Name = "Hopital du Nord", City = "SAINT ETIENNE", Siret = "26440013600018" }).Score, 90, 99);
    }

    [Fact]
    public void Two_towns_call_two_hospitals_and_one_town_calls_one()
    {
        Assert.Equal(0, Resemblance.Of(new() { Name = "CHU de Nantes", City = "Nantes", Phone = "0240083333" }, new() { Name = "CHU de Rennes", City = "Rennes" }).Score);
        Assert.InRange(Resemblance.Of(new() { Name = "CHU de Nantes", City = "Nantes" }, new() { Name = "Centre hospitalier universitaire", City = "Nantes" }).Score, 80, 99);
        Assert.InRange(Resemblance.Of(new() { Name = "CHU de Nantes" }, new() { Name = "CHU Nantes", City = "Nantes" }).Score, Likeness.Telling, Likeness.Queued);
    }

    [Fact]
    public void Namesakes_of_one_town_wait_until_their_addresses_say_that_they_are_two()
    {
        var claire = new ContactDetails { FirstName = "Claire", LastName = "Martin" };

        Assert.InRange(Resemblance.Of(claire, claire, town: "Lyon", otherTown: "LYON Cedex 03").Score, Likeness.Queued, 70);
        Assert.InRange(Resemblance.Of(claire with { Email = "a@b.fr", Mobile = "0639981234" }, claire with { Email = "c@d.fr", Mobile = "0639985678" }, town: "Lyon", otherTown: "Lyon").Score, 1, Likeness.Queued - 1);
        Assert.InRange(Resemblance.Of(claire, claire, town: "Lyon", otherTown: "Nantes").Score, 1, Likeness.Telling - 1);
    }

    [Fact]
    public void Reasons_are_told_in_the_order_of_their_weight()
        => Assert.Equal([TwinSigns.SamePhone, TwinSigns.CloseNames, TwinSigns.SameTown], Likeness.Each(TwinSigns.SameTown | TwinSigns.CloseNames | TwinSigns.SamePhone));
}
