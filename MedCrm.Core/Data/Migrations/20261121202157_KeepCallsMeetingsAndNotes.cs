using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class KeepCallsMeetingsAndNotes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ManagerId",
                table: "ContactRoles",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Activities",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DurationMinutes = table.Column<int>(type: "INTEGER", nullable: true),
                    Direction = table.Column<int>(type: "INTEGER", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: true),
                    Result = table.Column<string>(type: "TEXT", nullable: true),
                    Place = table.Column<string>(type: "TEXT", nullable: true),
                    Agenda = table.Column<string>(type: "TEXT", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Sharing = table.Column<int>(type: "INTEGER", nullable: false),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OpportunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsContact = table.Column<bool>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    InvitedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Activities", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Activities_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Activities_Opportunities_OpportunityId",
                        column: x => x.OpportunityId,
                        principalTable: "Opportunities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Activities_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Activities_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AlertDismissals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    RecordId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertDismissals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "HealthPoints",
                columns: table => new
                {
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    On = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Health = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HealthPoints", x => new { x.InstitutionId, x.On });
                    table.ForeignKey(
                        name: "FK_HealthPoints_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "InstitutionScores",
                columns: table => new
                {
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Health = table.Column<int>(type: "INTEGER", nullable: true),
                    Lead = table.Column<int>(type: "INTEGER", nullable: true),
                    LastContactOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    RecentContacts = table.Column<int>(type: "INTEGER", nullable: false),
                    Won = table.Column<int>(type: "INTEGER", nullable: false),
                    Closed = table.Column<int>(type: "INTEGER", nullable: false),
                    Requests = table.Column<int>(type: "INTEGER", nullable: false),
                    AnswerDays = table.Column<int>(type: "INTEGER", nullable: true),
                    AverageAmount = table.Column<long>(type: "INTEGER", nullable: true),
                    Specialities = table.Column<int>(type: "INTEGER", nullable: false),
                    SpecialitiesAimed = table.Column<int>(type: "INTEGER", nullable: false),
                    Beds = table.Column<int>(type: "INTEGER", nullable: true),
                    ComputedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_InstitutionScores", x => x.InstitutionId);
                    table.ForeignKey(
                        name: "FK_InstitutionScores_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ScoringPolicies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecencyWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    FrequencyWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    AcceptanceWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    PaymentWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    EngagementWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    SilentDays = table.Column<int>(type: "INTEGER", nullable: false),
                    StuckDays = table.Column<int>(type: "INTEGER", nullable: false),
                    QuietDays = table.Column<int>(type: "INTEGER", nullable: false),
                    HotLead = table.Column<int>(type: "INTEGER", nullable: false),
                    FullBudget = table.Column<long>(type: "INTEGER", nullable: false),
                    TargetLines = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ScoringPolicies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ActivityLabels",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ActivityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    SearchKey = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActivityLabels", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ActivityLabels_Activities_ActivityId",
                        column: x => x.ActivityId,
                        principalTable: "Activities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ActivityPeople",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ActivityId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ActivityName = table.Column<string>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActivityPeople", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ActivityPeople_Activities_ActivityId",
                        column: x => x.ActivityId,
                        principalTable: "Activities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ActivityPeople_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ActivityPeople_Users_UserId",
                        column: x => x.UserId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ContactRoles_ManagerId",
                table: "ContactRoles",
                column: "ManagerId");

            migrationBuilder.CreateIndex(
                name: "IX_Activities_ContactsByInstitution",
                table: "Activities",
                columns: new[] { "InstitutionId", "At" },
                filter: "\"IsContact\" AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Activities_DeletedAt_At",
                table: "Activities",
                columns: new[] { "DeletedAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Activities_InstitutionId_DeletedAt_Kind_At",
                table: "Activities",
                columns: new[] { "InstitutionId", "DeletedAt", "Kind", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Activities_OpportunityId_At",
                table: "Activities",
                columns: new[] { "OpportunityId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Activities_OwnerId_DeletedAt_At",
                table: "Activities",
                columns: new[] { "OwnerId", "DeletedAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Activities_TeamId_DeletedAt_At",
                table: "Activities",
                columns: new[] { "TeamId", "DeletedAt", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ActivityLabels_ActivityId",
                table: "ActivityLabels",
                column: "ActivityId");

            migrationBuilder.CreateIndex(
                name: "IX_ActivityLabels_SearchKey_ActivityId",
                table: "ActivityLabels",
                columns: new[] { "SearchKey", "ActivityId" });

            migrationBuilder.CreateIndex(
                name: "IX_ActivityPeople_ActivityId",
                table: "ActivityPeople",
                column: "ActivityId");

            migrationBuilder.CreateIndex(
                name: "IX_ActivityPeople_ContactId",
                table: "ActivityPeople",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_ActivityPeople_UserId",
                table: "ActivityPeople",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertDismissals_RecordId_Kind_Until",
                table: "AlertDismissals",
                columns: new[] { "RecordId", "Kind", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_InstitutionScores_Health_InstitutionId",
                table: "InstitutionScores",
                columns: new[] { "Health", "InstitutionId" });

            migrationBuilder.CreateIndex(
                name: "IX_InstitutionScores_LastContactOn_InstitutionId",
                table: "InstitutionScores",
                columns: new[] { "LastContactOn", "InstitutionId" });

            migrationBuilder.CreateIndex(
                name: "IX_InstitutionScores_Lead_InstitutionId",
                table: "InstitutionScores",
                columns: new[] { "Lead", "InstitutionId" });

            migrationBuilder.AddForeignKey(
                name: "FK_ContactRoles_Contacts_ManagerId",
                table: "ContactRoles",
                column: "ManagerId",
                principalTable: "Contacts",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_ContactRoles_Contacts_ManagerId",
                table: "ContactRoles");

            migrationBuilder.DropTable(
                name: "ActivityLabels");

            migrationBuilder.DropTable(
                name: "ActivityPeople");

            migrationBuilder.DropTable(
                name: "AlertDismissals");

            migrationBuilder.DropTable(
                name: "HealthPoints");

            migrationBuilder.DropTable(
                name: "InstitutionScores");

            migrationBuilder.DropTable(
                name: "ScoringPolicies");

            migrationBuilder.DropTable(
                name: "Activities");

            migrationBuilder.DropIndex(
                name: "IX_ContactRoles_ManagerId",
                table: "ContactRoles");

            migrationBuilder.DropColumn(
                name: "ManagerId",
                table: "ContactRoles");
        }
    }
}
