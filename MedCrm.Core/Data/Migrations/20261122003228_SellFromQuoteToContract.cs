using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class SellFromQuoteToContract : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "SealedSecret",
                table: "OutgoingMessages",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PaidInTime",
                table: "InstitutionScores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "PaymentsDue",
                table: "InstitutionScores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotesAccepted",
                table: "InstitutionScores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotesDecided",
                table: "InstitutionScores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "AccountPlans",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Clients = table.Column<string>(type: "TEXT", nullable: false),
                    Deposits = table.Column<string>(type: "TEXT", nullable: false),
                    Bank = table.Column<string>(type: "TEXT", nullable: false),
                    Services = table.Column<string>(type: "TEXT", nullable: false),
                    Goods = table.Column<string>(type: "TEXT", nullable: false),
                    ExemptServices = table.Column<string>(type: "TEXT", nullable: false),
                    ExemptGoods = table.Column<string>(type: "TEXT", nullable: false),
                    Vat20 = table.Column<string>(type: "TEXT", nullable: false),
                    Vat10 = table.Column<string>(type: "TEXT", nullable: false),
                    Vat55 = table.Column<string>(type: "TEXT", nullable: false),
                    Vat21 = table.Column<string>(type: "TEXT", nullable: false),
                    SalesJournal = table.Column<string>(type: "TEXT", nullable: false),
                    BankJournal = table.Column<string>(type: "TEXT", nullable: false),
                    ClosingMonth = table.Column<int>(type: "INTEGER", nullable: false),
                    Separator = table.Column<int>(type: "INTEGER", nullable: false),
                    Charset = table.Column<int>(type: "INTEGER", nullable: false),
                    SageLayout = table.Column<string>(type: "TEXT", nullable: true),
                    QuickBooksLayout = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountPlans", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BillingProfiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstitutionName = table.Column<string>(type: "TEXT", nullable: false),
                    Buyer = table.Column<int>(type: "INTEGER", nullable: true),
                    TermKind = table.Column<int>(type: "INTEGER", nullable: true),
                    TermDays = table.Column<int>(type: "INTEGER", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Street = table.Column<string>(type: "TEXT", nullable: true),
                    AddressLine2 = table.Column<string>(type: "TEXT", nullable: true),
                    Postcode = table.Column<string>(type: "TEXT", nullable: true),
                    City = table.Column<string>(type: "TEXT", nullable: true),
                    Email = table.Column<string>(type: "TEXT", nullable: true),
                    Reference = table.Column<int>(type: "INTEGER", nullable: false),
                    ServiceCode = table.Column<string>(type: "TEXT", nullable: true),
                    AccountCode = table.Column<string>(type: "TEXT", nullable: true),
                    IsNonProfessional = table.Column<bool>(type: "INTEGER", nullable: true),
                    IsNeverDunned = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillingProfiles", x => x.Id);
                    table.ForeignKey(
                        name: "FK_BillingProfiles_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "CatalogItems",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    Category = table.Column<string>(type: "TEXT", nullable: true),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    UnitCost = table.Column<long>(type: "INTEGER", nullable: true),
                    VatCategory = table.Column<int>(type: "INTEGER", nullable: false),
                    VatRate = table.Column<long>(type: "INTEGER", nullable: false),
                    VatReason = table.Column<string>(type: "TEXT", nullable: true),
                    Nature = table.Column<int>(type: "INTEGER", nullable: false),
                    Period = table.Column<int>(type: "INTEGER", nullable: false),
                    IsOffered = table.Column<bool>(type: "INTEGER", nullable: false),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CatalogItems", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Companies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    LegalName = table.Column<string>(type: "TEXT", nullable: true),
                    TradeName = table.Column<string>(type: "TEXT", nullable: true),
                    LegalForm = table.Column<string>(type: "TEXT", nullable: true),
                    ShareCapital = table.Column<long>(type: "INTEGER", nullable: true),
                    Street = table.Column<string>(type: "TEXT", nullable: true),
                    AddressLine2 = table.Column<string>(type: "TEXT", nullable: true),
                    Postcode = table.Column<string>(type: "TEXT", nullable: true),
                    City = table.Column<string>(type: "TEXT", nullable: true),
                    Siren = table.Column<string>(type: "TEXT", nullable: true),
                    Siret = table.Column<string>(type: "TEXT", nullable: true),
                    RcsCity = table.Column<string>(type: "TEXT", nullable: true),
                    VatNumber = table.Column<string>(type: "TEXT", nullable: true),
                    IsVatExempt = table.Column<bool>(type: "INTEGER", nullable: false),
                    PaysVatOnDebits = table.Column<bool>(type: "INTEGER", nullable: false),
                    Iban = table.Column<string>(type: "TEXT", nullable: true),
                    Bic = table.Column<string>(type: "TEXT", nullable: true),
                    Email = table.Column<string>(type: "TEXT", nullable: true),
                    Phone = table.Column<string>(type: "TEXT", nullable: true),
                    Website = table.Column<string>(type: "TEXT", nullable: true),
                    Accent = table.Column<string>(type: "TEXT", nullable: true),
                    LogoPath = table.Column<string>(type: "TEXT", nullable: true),
                    TermKind = table.Column<int>(type: "INTEGER", nullable: false),
                    TermDays = table.Column<int>(type: "INTEGER", nullable: false),
                    EarlyPayment = table.Column<string>(type: "TEXT", nullable: true),
                    PenaltyRate = table.Column<long>(type: "INTEGER", nullable: true),
                    QuoteDays = table.Column<int>(type: "INTEGER", nullable: false),
                    QuoteTerms = table.Column<string>(type: "TEXT", nullable: true),
                    Footer = table.Column<string>(type: "TEXT", nullable: true),
                    SignatureAsksCode = table.Column<bool>(type: "INTEGER", nullable: false),
                    SignatureDays = table.Column<int>(type: "INTEGER", nullable: false),
                    QuotePrefix = table.Column<string>(type: "TEXT", nullable: false),
                    InvoicePrefix = table.Column<string>(type: "TEXT", nullable: false),
                    CreditNotePrefix = table.Column<string>(type: "TEXT", nullable: false),
                    ContractPrefix = table.Column<string>(type: "TEXT", nullable: false),
                    DraftDays = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Companies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DunningLetters",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstitutionName = table.Column<string>(type: "TEXT", nullable: false),
                    Profile = table.Column<int>(type: "INTEGER", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    PreparedOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    SnoozedUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Email = table.Column<string>(type: "TEXT", nullable: true),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    IsEdited = table.Column<bool>(type: "INTEGER", nullable: false),
                    Total = table.Column<long>(type: "INTEGER", nullable: false),
                    Interest = table.Column<long>(type: "INTEGER", nullable: false),
                    FixedCosts = table.Column<long>(type: "INTEGER", nullable: false),
                    FinalOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Sendings = table.Column<int>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SentByName = table.Column<string>(type: "TEXT", nullable: true),
                    PostalNumber = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DunningLetters", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DunningLetters_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DunningPolicies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Profile = table.Column<int>(type: "INTEGER", nullable: false),
                    Mode = table.Column<int>(type: "INTEGER", nullable: false),
                    CourtesyOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    CourtesyDays = table.Column<int>(type: "INTEGER", nullable: false),
                    CourtesySubject = table.Column<string>(type: "TEXT", nullable: false),
                    CourtesyBody = table.Column<string>(type: "TEXT", nullable: false),
                    FirmOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    FirmDays = table.Column<int>(type: "INTEGER", nullable: false),
                    FirmSubject = table.Column<string>(type: "TEXT", nullable: false),
                    FirmBody = table.Column<string>(type: "TEXT", nullable: false),
                    FormalOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    FormalDays = table.Column<int>(type: "INTEGER", nullable: false),
                    FormalSubject = table.Column<string>(type: "TEXT", nullable: false),
                    FormalBody = table.Column<string>(type: "TEXT", nullable: false),
                    FinalDays = table.Column<int>(type: "INTEGER", nullable: false),
                    ClaimsPenalties = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DunningPolicies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IndexValues",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Month = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IndexValues", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NumberSeries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Series = table.Column<int>(type: "INTEGER", nullable: false),
                    Year = table.Column<int>(type: "INTEGER", nullable: false),
                    Prefix = table.Column<string>(type: "TEXT", nullable: false),
                    Last = table.Column<int>(type: "INTEGER", nullable: false),
                    LastOn = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NumberSeries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Payments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    OriginalId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReceivedOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Amount = table.Column<long>(type: "INTEGER", nullable: false),
                    Means = table.Column<int>(type: "INTEGER", nullable: false),
                    Reference = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Left = table.Column<long>(type: "INTEGER", nullable: false),
                    Withdrawn = table.Column<long>(type: "INTEGER", nullable: false),
                    BankKey = table.Column<string>(type: "TEXT", nullable: true),
                    JournalNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Payments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Payments_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Payments_Payments_OriginalId",
                        column: x => x.OriginalId,
                        principalTable: "Payments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PenaltyRates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    CentralBank = table.Column<long>(type: "INTEGER", nullable: false),
                    Legal = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PenaltyRates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Quotes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    VersionNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    IsLast = table.Column<bool>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OpportunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IssuedOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    ValidUntil = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    TermKind = table.Column<int>(type: "INTEGER", nullable: false),
                    TermDays = table.Column<int>(type: "INTEGER", nullable: false),
                    DepositPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountAmount = table.Column<long>(type: "INTEGER", nullable: false),
                    Introduction = table.Column<string>(type: "TEXT", nullable: true),
                    Terms = table.Column<string>(type: "TEXT", nullable: true),
                    Notes = table.Column<string>(type: "TEXT", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false),
                    Tax = table.Column<long>(type: "INTEGER", nullable: false),
                    Gross = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ViewedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    DecidedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    AcceptedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Acceptance = table.Column<int>(type: "INTEGER", nullable: true),
                    RefusalReason = table.Column<string>(type: "TEXT", nullable: true),
                    ScanId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PdfPath = table.Column<string>(type: "TEXT", nullable: true),
                    PdfSha256 = table.Column<string>(type: "TEXT", nullable: true),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Quotes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Quotes_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Quotes_Documents_ScanId",
                        column: x => x.ScanId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Quotes_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Quotes_Opportunities_OpportunityId",
                        column: x => x.OpportunityId,
                        principalTable: "Opportunities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Quotes_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Quotes_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Contracts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<int>(type: "INTEGER", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OpportunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReplacesId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReplacedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    StartsOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    InitialMonths = table.Column<int>(type: "INTEGER", nullable: false),
                    IsTacit = table.Column<bool>(type: "INTEGER", nullable: false),
                    RenewalMonths = table.Column<int>(type: "INTEGER", nullable: false),
                    MostRenewals = table.Column<int>(type: "INTEGER", nullable: true),
                    NoticeMonths = table.Column<int>(type: "INTEGER", nullable: false),
                    Billing = table.Column<int>(type: "INTEGER", nullable: false),
                    IsInArrears = table.Column<bool>(type: "INTEGER", nullable: false),
                    BillsFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    TermKind = table.Column<int>(type: "INTEGER", nullable: false),
                    TermDays = table.Column<int>(type: "INTEGER", nullable: false),
                    PurchaseOrder = table.Column<string>(type: "TEXT", nullable: true),
                    IndexName = table.Column<string>(type: "TEXT", nullable: true),
                    BaseIndex = table.Column<long>(type: "INTEGER", nullable: true),
                    BaseIndexMonth = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    FixedPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    CapPercent = table.Column<long>(type: "INTEGER", nullable: true),
                    NeverDown = table.Column<bool>(type: "INTEGER", nullable: false),
                    Notes = table.Column<string>(type: "TEXT", nullable: true),
                    Months = table.Column<int>(type: "INTEGER", nullable: false),
                    DurationMonths = table.Column<int>(type: "INTEGER", nullable: false),
                    Renewals = table.Column<int>(type: "INTEGER", nullable: false),
                    EndsOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    LastNoticeOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    NoticeOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    IsNoticeOurs = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsNoticeLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    EndReason = table.Column<int>(type: "INTEGER", nullable: true),
                    EndNote = table.Column<string>(type: "TEXT", nullable: true),
                    LastDay = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    CreditDue = table.Column<long>(type: "INTEGER", nullable: false),
                    ActivatedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SignedDocumentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Monthly = table.Column<long>(type: "INTEGER", nullable: false),
                    MonthlyCost = table.Column<long>(type: "INTEGER", nullable: true),
                    NextBillOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    NextChangeOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contracts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Contracts_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Contracts_ReplacedById",
                        column: x => x.ReplacedById,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Contracts_ReplacesId",
                        column: x => x.ReplacesId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Documents_SignedDocumentId",
                        column: x => x.SignedDocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Opportunities_OpportunityId",
                        column: x => x.OpportunityId,
                        principalTable: "Opportunities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contracts_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Invoices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OpportunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OriginalId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PeriodFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IssuedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    DueOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    ServiceFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    ServiceTo = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    TermKind = table.Column<int>(type: "INTEGER", nullable: false),
                    TermDays = table.Column<int>(type: "INTEGER", nullable: false),
                    PurchaseOrder = table.Column<string>(type: "TEXT", nullable: true),
                    ServiceCode = table.Column<string>(type: "TEXT", nullable: true),
                    Engagement = table.Column<string>(type: "TEXT", nullable: true),
                    DeliveryAddress = table.Column<string>(type: "TEXT", nullable: true),
                    DiscountPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountAmount = table.Column<long>(type: "INTEGER", nullable: false),
                    Introduction = table.Column<string>(type: "TEXT", nullable: true),
                    Notes = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerName = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerStreet = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerAddressLine2 = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerPostcode = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerCity = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerSiren = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerSiret = table.Column<string>(type: "TEXT", nullable: true),
                    BuyerVatNumber = table.Column<string>(type: "TEXT", nullable: true),
                    Buyer = table.Column<int>(type: "INTEGER", nullable: false),
                    Net = table.Column<long>(type: "INTEGER", nullable: false),
                    Tax = table.Column<long>(type: "INTEGER", nullable: false),
                    Gross = table.Column<long>(type: "INTEGER", nullable: false),
                    Prepaid = table.Column<long>(type: "INTEGER", nullable: false),
                    PrepaidNet = table.Column<long>(type: "INTEGER", nullable: false),
                    Received = table.Column<long>(type: "INTEGER", nullable: false),
                    Credited = table.Column<long>(type: "INTEGER", nullable: false),
                    Balance = table.Column<long>(type: "INTEGER", nullable: false),
                    SettledOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    DisputedOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    DisputeReason = table.Column<string>(type: "TEXT", nullable: true),
                    IssuedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    PdfPath = table.Column<string>(type: "TEXT", nullable: true),
                    PdfSha256 = table.Column<string>(type: "TEXT", nullable: true),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Invoices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Invoices_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Invoices_OriginalId",
                        column: x => x.OriginalId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Opportunities_OpportunityId",
                        column: x => x.OpportunityId,
                        principalTable: "Opportunities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invoices_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "QuoteLines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    CatalogItemId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Code = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: false),
                    Quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    VatCategory = table.Column<int>(type: "INTEGER", nullable: false),
                    VatRate = table.Column<long>(type: "INTEGER", nullable: false),
                    VatReason = table.Column<string>(type: "TEXT", nullable: true),
                    Nature = table.Column<int>(type: "INTEGER", nullable: false),
                    Period = table.Column<int>(type: "INTEGER", nullable: false),
                    IsOption = table.Column<bool>(type: "INTEGER", nullable: false),
                    UnitCost = table.Column<long>(type: "INTEGER", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QuoteLines", x => x.Id);
                    table.ForeignKey(
                        name: "FK_QuoteLines_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SignatureEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    Ip = table.Column<string>(type: "TEXT", nullable: true),
                    UserAgent = table.Column<string>(type: "TEXT", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: true),
                    PreviousHash = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SignatureEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SignatureEvents_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SignatureEvidences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkId = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuoteName = table.Column<string>(type: "TEXT", nullable: false),
                    PdfSha256 = table.Column<string>(type: "TEXT", nullable: false),
                    SignerName = table.Column<string>(type: "TEXT", nullable: false),
                    SignerQuality = table.Column<string>(type: "TEXT", nullable: false),
                    SignerEmail = table.Column<string>(type: "TEXT", nullable: true),
                    HasCode = table.Column<bool>(type: "INTEGER", nullable: false),
                    ConsentText = table.Column<string>(type: "TEXT", nullable: false),
                    ConsentVersion = table.Column<string>(type: "TEXT", nullable: false),
                    Options = table.Column<string>(type: "TEXT", nullable: false),
                    Gross = table.Column<long>(type: "INTEGER", nullable: false),
                    Drawing = table.Column<byte[]>(type: "BLOB", nullable: true),
                    InvitedByName = table.Column<string>(type: "TEXT", nullable: false),
                    SignedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    PdfPath = table.Column<string>(type: "TEXT", nullable: true),
                    CertificateSha256 = table.Column<string>(type: "TEXT", nullable: true),
                    ConfirmedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SignatureEvidences", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SignatureEvidences_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SignatureLinks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuoteId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TokenHash = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Email = table.Column<string>(type: "TEXT", nullable: true),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SentById = table.Column<Guid>(type: "TEXT", nullable: true),
                    SentByName = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ReplacedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    OpenedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    UsedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    CodeHash = table.Column<string>(type: "TEXT", nullable: true),
                    CodeSentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    CodeFailures = table.Column<int>(type: "INTEGER", nullable: false),
                    CodesSent = table.Column<int>(type: "INTEGER", nullable: false),
                    CodesSince = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SignatureLinks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SignatureLinks_Quotes_QuoteId",
                        column: x => x.QuoteId,
                        principalTable: "Quotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Amendments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    EffectiveOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Change = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    OldMonthly = table.Column<long>(type: "INTEGER", nullable: false),
                    NewMonthly = table.Column<long>(type: "INTEGER", nullable: false),
                    ToInvoice = table.Column<long>(type: "INTEGER", nullable: false),
                    ToCredit = table.Column<long>(type: "INTEGER", nullable: false),
                    SettledFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Index = table.Column<long>(type: "INTEGER", nullable: true),
                    Coefficient = table.Column<long>(type: "INTEGER", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Amendments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Amendments_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractAlerts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    What = table.Column<string>(type: "TEXT", nullable: false),
                    Deadline = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractAlerts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractAlerts_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractBillings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Index = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    InvoiceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractBillings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractBillings_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    On = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Amount = table.Column<long>(type: "INTEGER", nullable: true),
                    ById = table.Column<Guid>(type: "TEXT", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractEvents_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractLetters",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Deadline = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    SendBy = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    DroppedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractLetters", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractLetters_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractLines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    AmendmentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ClosedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    BilledFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    CatalogItemId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Code = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: false),
                    Quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    VatCategory = table.Column<int>(type: "INTEGER", nullable: false),
                    VatRate = table.Column<long>(type: "INTEGER", nullable: false),
                    VatReason = table.Column<string>(type: "TEXT", nullable: true),
                    Nature = table.Column<int>(type: "INTEGER", nullable: false),
                    Period = table.Column<int>(type: "INTEGER", nullable: false),
                    IsOption = table.Column<bool>(type: "INTEGER", nullable: false),
                    UnitCost = table.Column<long>(type: "INTEGER", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractLines", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractLines_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ContractPeriods",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    StartsOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    EndsOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Net = table.Column<long>(type: "INTEGER", nullable: false),
                    OpenedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContractPeriods", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContractPeriods_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "IndexRevisions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EffectiveOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Index = table.Column<long>(type: "INTEGER", nullable: false),
                    Month = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Coefficient = table.Column<long>(type: "INTEGER", nullable: false),
                    OldMonthly = table.Column<long>(type: "INTEGER", nullable: false),
                    NewMonthly = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IndexRevisions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_IndexRevisions_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "MrrMovements",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContractId = table.Column<Guid>(type: "TEXT", nullable: false),
                    On = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Amount = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MrrMovements", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MrrMovements_Contracts_ContractId",
                        column: x => x.ContractId,
                        principalTable: "Contracts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DunningNotices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    LetterId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceNumber = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Balance = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DunningNotices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DunningNotices_DunningLetters_LetterId",
                        column: x => x.LetterId,
                        principalTable: "DunningLetters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DunningNotices_Invoices_InvoiceId",
                        column: x => x.InvoiceId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "InvoiceDeposits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DepositId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DepositNumber = table.Column<string>(type: "TEXT", nullable: false),
                    VatCategory = table.Column<int>(type: "INTEGER", nullable: false),
                    VatRate = table.Column<long>(type: "INTEGER", nullable: false),
                    VatReason = table.Column<string>(type: "TEXT", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false),
                    Tax = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceDeposits", x => x.Id);
                    table.ForeignKey(
                        name: "FK_InvoiceDeposits_Invoices_DepositId",
                        column: x => x.DepositId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_InvoiceDeposits_Invoices_InvoiceId",
                        column: x => x.InvoiceId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "InvoiceLines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    CatalogItemId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Code = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: false),
                    Quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    UnitPrice = table.Column<long>(type: "INTEGER", nullable: false),
                    DiscountPercent = table.Column<long>(type: "INTEGER", nullable: false),
                    VatCategory = table.Column<int>(type: "INTEGER", nullable: false),
                    VatRate = table.Column<long>(type: "INTEGER", nullable: false),
                    VatReason = table.Column<string>(type: "TEXT", nullable: true),
                    Nature = table.Column<int>(type: "INTEGER", nullable: false),
                    Period = table.Column<int>(type: "INTEGER", nullable: false),
                    IsOption = table.Column<bool>(type: "INTEGER", nullable: false),
                    UnitCost = table.Column<long>(type: "INTEGER", nullable: true),
                    Net = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InvoiceLines", x => x.Id);
                    table.ForeignKey(
                        name: "FK_InvoiceLines_Invoices_InvoiceId",
                        column: x => x.InvoiceId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PaymentAllocations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    InvoiceNumber = table.Column<string>(type: "TEXT", nullable: false),
                    Amount = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PaymentAllocations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PaymentAllocations_Invoices_InvoiceId",
                        column: x => x.InvoiceId,
                        principalTable: "Invoices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_PaymentAllocations_Payments_PaymentId",
                        column: x => x.PaymentId,
                        principalTable: "Payments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Amendments_ContractId_Number",
                table: "Amendments",
                columns: new[] { "ContractId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BillingProfiles_InstitutionId",
                table: "BillingProfiles",
                column: "InstitutionId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CatalogItems_Code",
                table: "CatalogItems",
                column: "Code",
                unique: true,
                filter: "\"Code\" IS NOT NULL AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_CatalogItems_DeletedAt_Category_SearchKey",
                table: "CatalogItems",
                columns: new[] { "DeletedAt", "Category", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogItems_DeletedAt_SearchKey",
                table: "CatalogItems",
                columns: new[] { "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_CatalogItems_DeletedAt_UpdatedAt",
                table: "CatalogItems",
                columns: new[] { "DeletedAt", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ContractAlerts_ContractId_What_Deadline",
                table: "ContractAlerts",
                columns: new[] { "ContractId", "What", "Deadline" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ContractBillings_ContractId_From",
                table: "ContractBillings",
                columns: new[] { "ContractId", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ContractBillings_InvoiceId",
                table: "ContractBillings",
                column: "InvoiceId",
                filter: "\"InvoiceId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ContractEvents_ContractId_At",
                table: "ContractEvents",
                columns: new[] { "ContractId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ContractEvents_Kind_On",
                table: "ContractEvents",
                columns: new[] { "Kind", "On" });

            migrationBuilder.CreateIndex(
                name: "IX_ContractLetters_ContractId_Kind_Deadline",
                table: "ContractLetters",
                columns: new[] { "ContractId", "Kind", "Deadline" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ContractLetters_Waiting",
                table: "ContractLetters",
                column: "ContractId",
                filter: "\"SentAt\" IS NULL AND \"DroppedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ContractLines_CatalogItemId",
                table: "ContractLines",
                column: "CatalogItemId",
                filter: "\"CatalogItemId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ContractLines_ContractId_Position",
                table: "ContractLines",
                columns: new[] { "ContractId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_ContractPeriods_ContractId_Number",
                table: "ContractPeriods",
                columns: new[] { "ContractId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_ContactId",
                table: "Contracts",
                column: "ContactId",
                filter: "\"ContactId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_EndsOn",
                table: "Contracts",
                columns: new[] { "DeletedAt", "EndsOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_LastNoticeOn",
                table: "Contracts",
                columns: new[] { "DeletedAt", "LastNoticeOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_Monthly",
                table: "Contracts",
                columns: new[] { "DeletedAt", "Monthly" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_SearchKey",
                table: "Contracts",
                columns: new[] { "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_StartsOn",
                table: "Contracts",
                columns: new[] { "DeletedAt", "StartsOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_DeletedAt_Status_EndsOn",
                table: "Contracts",
                columns: new[] { "DeletedAt", "Status", "EndsOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_InstitutionId_DeletedAt_Status_EndsOn",
                table: "Contracts",
                columns: new[] { "InstitutionId", "DeletedAt", "Status", "EndsOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_NextBillOn",
                table: "Contracts",
                column: "NextBillOn",
                filter: "\"NextBillOn\" IS NOT NULL AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_NextChangeOn",
                table: "Contracts",
                column: "NextChangeOn",
                filter: "\"NextChangeOn\" IS NOT NULL AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_Number",
                table: "Contracts",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_OpportunityId",
                table: "Contracts",
                column: "OpportunityId",
                filter: "\"OpportunityId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_OwnerId_DeletedAt_Status_EndsOn",
                table: "Contracts",
                columns: new[] { "OwnerId", "DeletedAt", "Status", "EndsOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_QuoteId",
                table: "Contracts",
                column: "QuoteId",
                filter: "\"QuoteId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_ReplacedById",
                table: "Contracts",
                column: "ReplacedById");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_ReplacesId",
                table: "Contracts",
                column: "ReplacesId");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_SignedDocumentId",
                table: "Contracts",
                column: "SignedDocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_Contracts_TeamId_DeletedAt_Status",
                table: "Contracts",
                columns: new[] { "TeamId", "DeletedAt", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_DunningLetters_InstitutionId_State",
                table: "DunningLetters",
                columns: new[] { "InstitutionId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_DunningLetters_MessageId",
                table: "DunningLetters",
                column: "MessageId",
                filter: "\"MessageId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DunningLetters_State_Level_PreparedOn",
                table: "DunningLetters",
                columns: new[] { "State", "Level", "PreparedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_DunningNotices_InvoiceId_Level",
                table: "DunningNotices",
                columns: new[] { "InvoiceId", "Level" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DunningNotices_LetterId_State",
                table: "DunningNotices",
                columns: new[] { "LetterId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_DunningNotices_Waiting",
                table: "DunningNotices",
                column: "State",
                filter: "\"State\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_DunningPolicies_Profile",
                table: "DunningPolicies",
                column: "Profile",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IndexRevisions_ContractId_EffectiveOn",
                table: "IndexRevisions",
                columns: new[] { "ContractId", "EffectiveOn" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IndexRevisions_Status",
                table: "IndexRevisions",
                column: "Status",
                filter: "\"Status\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_IndexValues_Name_Month",
                table: "IndexValues",
                columns: new[] { "Name", "Month" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceDeposits_DepositId",
                table: "InvoiceDeposits",
                column: "DepositId");

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceDeposits_InvoiceId",
                table: "InvoiceDeposits",
                column: "InvoiceId");

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceLines_CatalogItemId",
                table: "InvoiceLines",
                column: "CatalogItemId",
                filter: "\"CatalogItemId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_InvoiceLines_InvoiceId_Position",
                table: "InvoiceLines",
                columns: new[] { "InvoiceId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_ContactId",
                table: "Invoices",
                column: "ContactId",
                filter: "\"ContactId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_ContractId_PeriodFrom",
                table: "Invoices",
                columns: new[] { "ContractId", "PeriodFrom" },
                unique: true,
                filter: "\"ContractId\" IS NOT NULL AND \"PeriodFrom\" IS NOT NULL AND \"Status\" <> 4");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_DeletedAt_Gross",
                table: "Invoices",
                columns: new[] { "DeletedAt", "Gross" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_DeletedAt_IssuedOn",
                table: "Invoices",
                columns: new[] { "DeletedAt", "IssuedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_DeletedAt_SearchKey",
                table: "Invoices",
                columns: new[] { "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_DeletedAt_Status_DueOn",
                table: "Invoices",
                columns: new[] { "DeletedAt", "Status", "DueOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_InstitutionId_DeletedAt_Status_IssuedOn",
                table: "Invoices",
                columns: new[] { "InstitutionId", "DeletedAt", "Status", "IssuedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_Number",
                table: "Invoices",
                column: "Number",
                unique: true,
                filter: "\"Number\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_OpportunityId",
                table: "Invoices",
                column: "OpportunityId",
                filter: "\"OpportunityId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_OriginalId",
                table: "Invoices",
                column: "OriginalId",
                filter: "\"OriginalId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_OwnerId_DeletedAt_Status",
                table: "Invoices",
                columns: new[] { "OwnerId", "DeletedAt", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_QuoteId",
                table: "Invoices",
                column: "QuoteId",
                filter: "\"QuoteId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_TeamId_DeletedAt_Status",
                table: "Invoices",
                columns: new[] { "TeamId", "DeletedAt", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_Invoices_Unpaid",
                table: "Invoices",
                columns: new[] { "DueOn", "InstitutionId", "Balance" },
                filter: "\"Balance\" > 0 AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_MrrMovements_ContractId_On",
                table: "MrrMovements",
                columns: new[] { "ContractId", "On" });

            migrationBuilder.CreateIndex(
                name: "IX_MrrMovements_On_Kind_Amount_ContractId",
                table: "MrrMovements",
                columns: new[] { "On", "Kind", "Amount", "ContractId" });

            migrationBuilder.CreateIndex(
                name: "IX_NumberSeries_Series_Year",
                table: "NumberSeries",
                columns: new[] { "Series", "Year" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PaymentAllocations_InvoiceId",
                table: "PaymentAllocations",
                column: "InvoiceId");

            migrationBuilder.CreateIndex(
                name: "IX_PaymentAllocations_PaymentId",
                table: "PaymentAllocations",
                column: "PaymentId");

            migrationBuilder.CreateIndex(
                name: "IX_Payments_BankKey",
                table: "Payments",
                column: "BankKey",
                unique: true,
                filter: "\"BankKey\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Payments_InstitutionId_ReceivedOn",
                table: "Payments",
                columns: new[] { "InstitutionId", "ReceivedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Payments_JournalNumber",
                table: "Payments",
                column: "JournalNumber",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Payments_Left",
                table: "Payments",
                columns: new[] { "InstitutionId", "Left" },
                filter: "\"Left\" > 0");

            migrationBuilder.CreateIndex(
                name: "IX_Payments_OriginalId",
                table: "Payments",
                column: "OriginalId",
                filter: "\"OriginalId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Payments_ReceivedOn",
                table: "Payments",
                column: "ReceivedOn");

            migrationBuilder.CreateIndex(
                name: "IX_PenaltyRates_From",
                table: "PenaltyRates",
                column: "From",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_QuoteLines_CatalogItemId",
                table: "QuoteLines",
                column: "CatalogItemId",
                filter: "\"CatalogItemId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_QuoteLines_QuoteId_Position",
                table: "QuoteLines",
                columns: new[] { "QuoteId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_ContactId",
                table: "Quotes",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_InstitutionId_DeletedAt_IsLast_Status",
                table: "Quotes",
                columns: new[] { "InstitutionId", "DeletedAt", "IsLast", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_IsLast_DeletedAt_IssuedOn",
                table: "Quotes",
                columns: new[] { "IsLast", "DeletedAt", "IssuedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_IsLast_DeletedAt_Net",
                table: "Quotes",
                columns: new[] { "IsLast", "DeletedAt", "Net" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_IsLast_DeletedAt_SearchKey",
                table: "Quotes",
                columns: new[] { "IsLast", "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_IsLast_DeletedAt_Status_ValidUntil",
                table: "Quotes",
                columns: new[] { "IsLast", "DeletedAt", "Status", "ValidUntil" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_IsLast_DeletedAt_UpdatedAt",
                table: "Quotes",
                columns: new[] { "IsLast", "DeletedAt", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_Number_VersionNumber",
                table: "Quotes",
                columns: new[] { "Number", "VersionNumber" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_OpportunityId",
                table: "Quotes",
                column: "OpportunityId");

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_OwnerId_DeletedAt_Status",
                table: "Quotes",
                columns: new[] { "OwnerId", "DeletedAt", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_ScanId",
                table: "Quotes",
                column: "ScanId");

            migrationBuilder.CreateIndex(
                name: "IX_Quotes_TeamId_DeletedAt_Status",
                table: "Quotes",
                columns: new[] { "TeamId", "DeletedAt", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_SignatureEvents_QuoteId_Number",
                table: "SignatureEvents",
                columns: new[] { "QuoteId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SignatureEvidences_ConfirmedAt",
                table: "SignatureEvidences",
                column: "ConfirmedAt",
                filter: "\"ConfirmedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_SignatureEvidences_QuoteId",
                table: "SignatureEvidences",
                column: "QuoteId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SignatureLinks_QuoteId_CreatedAt",
                table: "SignatureLinks",
                columns: new[] { "QuoteId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SignatureLinks_TokenHash",
                table: "SignatureLinks",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccountPlans");

            migrationBuilder.DropTable(
                name: "Amendments");

            migrationBuilder.DropTable(
                name: "BillingProfiles");

            migrationBuilder.DropTable(
                name: "CatalogItems");

            migrationBuilder.DropTable(
                name: "Companies");

            migrationBuilder.DropTable(
                name: "ContractAlerts");

            migrationBuilder.DropTable(
                name: "ContractBillings");

            migrationBuilder.DropTable(
                name: "ContractEvents");

            migrationBuilder.DropTable(
                name: "ContractLetters");

            migrationBuilder.DropTable(
                name: "ContractLines");

            migrationBuilder.DropTable(
                name: "ContractPeriods");

            migrationBuilder.DropTable(
                name: "DunningNotices");

            migrationBuilder.DropTable(
                name: "DunningPolicies");

            migrationBuilder.DropTable(
                name: "IndexRevisions");

            migrationBuilder.DropTable(
                name: "IndexValues");

            migrationBuilder.DropTable(
                name: "InvoiceDeposits");

            migrationBuilder.DropTable(
                name: "InvoiceLines");

            migrationBuilder.DropTable(
                name: "MrrMovements");

            migrationBuilder.DropTable(
                name: "NumberSeries");

            migrationBuilder.DropTable(
                name: "PaymentAllocations");

            migrationBuilder.DropTable(
                name: "PenaltyRates");

            migrationBuilder.DropTable(
                name: "QuoteLines");

            migrationBuilder.DropTable(
                name: "SignatureEvents");

            migrationBuilder.DropTable(
                name: "SignatureEvidences");

            migrationBuilder.DropTable(
                name: "SignatureLinks");

            migrationBuilder.DropTable(
                name: "DunningLetters");

            migrationBuilder.DropTable(
                name: "Contracts");

            migrationBuilder.DropTable(
                name: "Invoices");

            migrationBuilder.DropTable(
                name: "Payments");

            migrationBuilder.DropTable(
                name: "Quotes");

            migrationBuilder.DropColumn(
                name: "SealedSecret",
                table: "OutgoingMessages");

            migrationBuilder.DropColumn(
                name: "PaidInTime",
                table: "InstitutionScores");

            migrationBuilder.DropColumn(
                name: "PaymentsDue",
                table: "InstitutionScores");

            migrationBuilder.DropColumn(
                name: "QuotesAccepted",
                table: "InstitutionScores");

            migrationBuilder.DropColumn(
                name: "QuotesDecided",
                table: "InstitutionScores");
        }
    }
}
