namespace MedCrm.Core.Access;

/// <summary>The table of who may do what. What each role sees is set by the administrator in <see cref="RolePolicy"/>.</summary>
public static class Rights
{
    private static readonly Dictionary<Role, HashSet<Right>> s_table = new()
    {
        [Role.Administrator] = [.. Enum.GetValues<Right>()],
        [Role.Manager] = [Right.EditCustomers, Right.EditSales, Right.EditQuotes, Right.EditInvoices, Right.EditContracts, Right.EditCatalog, Right.SeeMargins, Right.Import, Right.Export, Right.ForceStageGate, Right.ShareViews],
        [Role.Sales] = [Right.EditCustomers, Right.EditSales, Right.EditQuotes, Right.EditContracts, Right.Import, Right.Export, Right.ShareViews],
        [Role.Recruiter] = [Right.EditCustomers, Right.Export, Right.ShareViews],
        [Role.Billing] = [Right.EditCustomers, Right.EditQuotes, Right.EditInvoices, Right.EditContracts, Right.EditCatalog, Right.SeeMargins, Right.Import, Right.Export, Right.ShareViews],
    };

    /// <summary>Whether a role carries a right.</summary>
    public static bool Has(this Role role, Right right) => s_table[role].Contains(right);
}
