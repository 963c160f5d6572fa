using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class TellTasksThatComeBack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "RemindOn",
                table: "FollowUpTasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "RemindTime",
                table: "FollowUpTasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Reminder",
                table: "FollowUpTasks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "SeriesDay",
                table: "FollowUpTasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SeriesId",
                table: "FollowUpTasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "TaskSeries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    DueTime = table.Column<TimeOnly>(type: "TEXT", nullable: true),
                    Priority = table.Column<int>(type: "INTEGER", nullable: false),
                    Reminder = table.Column<int>(type: "INTEGER", nullable: true),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    InstitutionId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OpportunityId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Notes = table.Column<string>(type: "TEXT", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Every = table.Column<int>(type: "INTEGER", nullable: false),
                    Days = table.Column<int>(type: "INTEGER", nullable: false),
                    MonthDay = table.Column<int>(type: "INTEGER", nullable: false),
                    DayOfMonth = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    FirstDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Ends = table.Column<int>(type: "INTEGER", nullable: false),
                    EndsOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Times = table.Column<int>(type: "INTEGER", nullable: true),
                    CreatedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TaskSeries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_TaskSeries_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TaskSeries_Institutions_InstitutionId",
                        column: x => x.InstitutionId,
                        principalTable: "Institutions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TaskSeries_Opportunities_OpportunityId",
                        column: x => x.OpportunityId,
                        principalTable: "Opportunities",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TaskSeries_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TaskSeries_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TaskSteps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    TaskId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    IsDone = table.Column<bool>(type: "INTEGER", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TaskSteps", x => x.Id);
                    table.ForeignKey(
                        name: "FK_TaskSteps_FollowUpTasks_TaskId",
                        column: x => x.TaskId,
                        principalTable: "FollowUpTasks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_FollowUpTasks_OncePerDayOfSeries",
                table: "FollowUpTasks",
                columns: new[] { "SeriesId", "SeriesDay" },
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_FollowUpTasks_Reminders",
                table: "FollowUpTasks",
                columns: new[] { "RemindOn", "RemindTime" },
                filter: "\"RemindOn\" IS NOT NULL AND \"IsOpen\" AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_FollowUpTasks_Status_CompletedAt",
                table: "FollowUpTasks",
                columns: new[] { "Status", "CompletedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_TaskSeries_ContactId",
                table: "TaskSeries",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_TaskSeries_InstitutionId",
                table: "TaskSeries",
                column: "InstitutionId");

            migrationBuilder.CreateIndex(
                name: "IX_TaskSeries_OpportunityId",
                table: "TaskSeries",
                column: "OpportunityId");

            migrationBuilder.CreateIndex(
                name: "IX_TaskSeries_OwnerId",
                table: "TaskSeries",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_TaskSeries_TeamId",
                table: "TaskSeries",
                column: "TeamId");

            migrationBuilder.CreateIndex(
                name: "IX_TaskSteps_TaskId_Position",
                table: "TaskSteps",
                columns: new[] { "TaskId", "Position" });

            migrationBuilder.AddForeignKey(
                name: "FK_FollowUpTasks_TaskSeries_SeriesId",
                table: "FollowUpTasks",
                column: "SeriesId",
                principalTable: "TaskSeries",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_FollowUpTasks_TaskSeries_SeriesId",
                table: "FollowUpTasks");

            migrationBuilder.DropTable(
                name: "TaskSeries");

            migrationBuilder.DropTable(
                name: "TaskSteps");

            migrationBuilder.DropIndex(
                name: "IX_FollowUpTasks_OncePerDayOfSeries",
                table: "FollowUpTasks");

            migrationBuilder.DropIndex(
                name: "IX_FollowUpTasks_Reminders",
                table: "FollowUpTasks");

            migrationBuilder.DropIndex(
                name: "IX_FollowUpTasks_Status_CompletedAt",
                table: "FollowUpTasks");

            migrationBuilder.DropColumn(
                name: "RemindOn",
                table: "FollowUpTasks");

            migrationBuilder.DropColumn(
                name: "RemindTime",
                table: "FollowUpTasks");

            migrationBuilder.DropColumn(
                name: "Reminder",
                table: "FollowUpTasks");

            migrationBuilder.DropColumn(
                name: "SeriesDay",
                table: "FollowUpTasks");

            migrationBuilder.DropColumn(
                name: "SeriesId",
                table: "FollowUpTasks");
        }
    }
}
