using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class FindAndMergeDuplicates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DuplicatePairs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    AId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Score = table.Column<int>(type: "INTEGER", nullable: false),
                    Signs = table.Column<int>(type: "INTEGER", nullable: false),
                    FoundAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    DismissedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    DismissedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Why = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DuplicatePairs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DuplicatePairs_Users_DismissedById",
                        column: x => x.DismissedById,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MergedRecords",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    OldId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OldName = table.Column<string>(type: "TEXT", nullable: false),
                    NewId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChangeSetId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MergedRecords", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DuplicatePairs_AId_BId",
                table: "DuplicatePairs",
                columns: new[] { "AId", "BId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DuplicatePairs_BId",
                table: "DuplicatePairs",
                column: "BId");

            migrationBuilder.CreateIndex(
                name: "IX_DuplicatePairs_DismissedById",
                table: "DuplicatePairs",
                column: "DismissedById");

            migrationBuilder.CreateIndex(
                name: "IX_DuplicatePairs_Type_State_Score_Id",
                table: "DuplicatePairs",
                columns: new[] { "Type", "State", "Score", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_MergedRecords_At",
                table: "MergedRecords",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_MergedRecords_ChangeSetId",
                table: "MergedRecords",
                column: "ChangeSetId");

            migrationBuilder.CreateIndex(
                name: "IX_MergedRecords_NewId",
                table: "MergedRecords",
                column: "NewId");

            migrationBuilder.CreateIndex(
                name: "IX_MergedRecords_OldId",
                table: "MergedRecords",
                column: "OldId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DuplicatePairs");

            migrationBuilder.DropTable(
                name: "MergedRecords");
        }
    }
}
