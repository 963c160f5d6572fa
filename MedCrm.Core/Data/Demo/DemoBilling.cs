using MedCrm.Core.Billing;
using MedCrm.Core.Customers;

namespace MedCrm.Core.Data.Demo;

/// <summary>The invented company that sells in the demonstration, what it sells, and how some of its customers are billed. Prices are euros excluding VAT.</summary>
internal static class DemoBilling
{
    private static readonly (string Code, string Name, string Category, string? Description, string Unit, decimal Price, decimal Cost, BillingPeriod Period)[] s_items =
    [
        ("LOG-PLAN", "Kerlann Planning", "Logiciel", "Plannings médicaux et paramédicaux, équité des gardes, application mobile. Par utilisateur actif.", "utilisateur", 18.50m, 4.20m, BillingPeriod.Monthly),
        ("LOG-GARDE", "Kerlann Gardes et astreintes", "Logiciel", "Tableaux de garde, permanence des soins, export vers la paie. Par site.", "site", 290m, 60m, BillingPeriod.Monthly),
        ("LOG-VIVIER", "Kerlann Vivier de remplaçants", "Logiciel", "Diffusion des besoins, réponses par SMS, contrats de remplacement. Par site.", "site", 149.90m, 35m, BillingPeriod.Monthly),
        ("LOG-CONN", "Connecteur GTT et paie", "Logiciel", "Échange quotidien avec la gestion du temps et la paie. Par connecteur.", "connecteur", 1_200m, 150m, BillingPeriod.Annual),
        ("SER-SUPPORT", "Support prioritaire 7 j/7", "Services", "Réponse sous une heure, interlocuteur attitré.", "an", 2_900m, 1_100m, BillingPeriod.Annual),
        ("SER-DEPLOI", "Déploiement et paramétrage", "Services", "Chef de projet et consultant, sur site ou à distance.", "jour", 950m, 420m, BillingPeriod.OneOff),
        ("SER-REPRISE", "Reprise des données", "Services", "Agents, compteurs, plannings des douze derniers mois.", "forfait", 2_400m, 900m, BillingPeriod.OneOff),
        ("SER-AUDIT", "Audit d'organisation des gardes", "Services", "Entretiens, analyse des tableaux, restitution à la CME.", "forfait", 4_800m, 2_100m, BillingPeriod.OneOff),
        ("FOR-SITE", "Formation sur site", "Formation", "Douze participants au plus, support remis.", "jour", 980m, 400m, BillingPeriod.OneOff),
        ("FOR-VISIO", "Formation à distance", "Formation", "Demi-journée, huit participants au plus.", "demi-journée", 390m, 150m, BillingPeriod.OneOff),
        ("REC-MED", "Recrutement d'un praticien", "Recrutement", "Recherche, entretiens, garantie de remplacement de six mois.", "mission", 12_500m, 5_200m, BillingPeriod.OneOff),
        ("REC-CADRE", "Recrutement d'un cadre de santé", "Recrutement", "Recherche, entretiens, garantie de remplacement de trois mois.", "mission", 7_800m, 3_400m, BillingPeriod.OneOff),
        ("REC-IDE", "Recrutement d'un infirmier", "Recrutement", "Recherche, entretiens, garantie de remplacement de trois mois.", "mission", 3_900m, 1_700m, BillingPeriod.OneOff),
        ("MAD-IDE", "Mise à disposition d'un infirmier", "Recrutement", "Heure travaillée, de jour ; majorations de nuit et de dimanche en sus.", "heure", 46.50m, 34m, BillingPeriod.OneOff),
        ("MAT-BADGE", "Badgeuse murale", "Matériel", "Lecteur de badges et socle, garantie deux ans.", "unité", 349m, 190m, BillingPeriod.OneOff),
    ];

    /// <summary>The company, its legal mentions complete. Its SIREN is nobody's.</summary>
    public static CompanyDetails Details { get; } = new()
    {
        LegalName = "Kerlann Santé",
        LegalForm = "SAS",
        ShareCapital = 120_000,
        Street = "12 quai des Tanneurs",
        AddressLine2 = "Bâtiment C",
        Postcode = "44000",
        City = "Nantes",
        Siren = "787878784",
        Siret = "78787878400018",
        RcsCity = "Nantes",
        VatNumber = "FR19787878784",
        Iban = "FR76 3000 6000 0112 3456 7890 189",
        Bic = "AGRIFRPP",
        Email = "facturation@kerlann.example.org",
        Phone = "01 99 00 44 00",
        Website = "https://kerlann.example.org",
        Accent = "#0B7A75",
        TermKind = TermKind.Net,
        TermDays = 30,
        QuoteTerms = "Prix fermes pendant la durée de validité du devis. Les abonnements sont conclus pour douze mois et se renouvellent par tacite reconduction, sauf dénonciation deux mois avant l'échéance.",
    };

    /// <summary>A company with every mention that an invoice needs.</summary>
    public static Company NewCompany()
    {
        var company = new Company();
        company.Edit(Details, CompanyFacts.None);
        return company;
    }

    /// <summary>The items of the catalogue; training is exempt, one formula is no longer sold.</summary>
    public static IEnumerable<CatalogItem> NewItems(DateTime at)
    {
        foreach (var item in s_items)
        {
            var isExempt = item.Category == "Formation";
            yield return new CatalogItem(
                new CatalogItemDetails
                {
                    Code = item.Code,
                    Name = item.Name,
                    Category = item.Category,
                    Description = item.Description,
                    Unit = item.Unit,
                    UnitPrice = item.Price,
                    UnitCost = item.Cost,
                    Period = item.Period,
                    Nature = item.Category == "Matériel" ? SupplyNature.Goods : SupplyNature.Services,
                    VatCategory = isExempt ? VatCategory.Exempt : VatCategory.Standard,
                    VatRate = isExempt ? 0 : 20,
                    VatReason = isExempt ? Vat.Training.Reason : null,
                },
                at);
        }

        yield return new CatalogItem(new CatalogItemDetails { Code = "LOG-PLAN1", Name = "Kerlann Planning, première formule", Category = "Logiciel", Unit = "site", UnitPrice = 420m, UnitCost = 95m, Period = BillingPeriod.Monthly, IsOffered = false }, at);
    }

    /// <summary>How three customers are billed: a public hospital with its Chorus Pro references, a private one with agreed terms, one whose invoices go to its group.</summary>
    public static IEnumerable<BillingProfile> NewProfiles(IReadOnlyCollection<Institution> institutions)
    {
        var hospital = institutions.First(institution => PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership) is BuyerKind.PublicHospital);
        yield return NewProfile(hospital, new BillingProfileDetails { Reference = PublicReference.Both, ServiceCode = "DAF-FOURNISSEURS", Email = "factures@example.org" });
        var clinics = institutions.Where(institution => PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership) is BuyerKind.Private).Take(2).ToList();
        if (clinics is [var agreed, var grouped])
        {
            yield return NewProfile(agreed, new BillingProfileDetails { TermKind = TermKind.DaysThenEndOfMonth, TermDays = 45, Email = "comptabilite@example.org" });
            yield return NewProfile(grouped, new BillingProfileDetails { Name = "Groupe Océane Santé", Street = "4 rue de la Bourse", Postcode = "69002", City = "Lyon", Email = "fournisseurs@example.org", AccountCode = "411OCEANE" });
        }
    }

    private static BillingProfile NewProfile(Institution institution, BillingProfileDetails details)
    {
        var profile = new BillingProfile(institution.Id, institution.Name);
        profile.Edit(details, PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership));
        return profile;
    }
}
