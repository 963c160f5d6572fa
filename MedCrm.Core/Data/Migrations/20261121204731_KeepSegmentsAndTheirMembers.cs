using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class KeepSegmentsAndTheirMembers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "SegmentMembers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    SegmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecordId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EnteredOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    LeftOn = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SegmentMembers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Segments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    Subject = table.Column<int>(type: "INTEGER", nullable: false),
                    Conditions = table.Column<string>(type: "TEXT", nullable: false),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SharedWithTeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsSharedWithAll = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Segments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Segments_Teams_SharedWithTeamId",
                        column: x => x.SharedWithTeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Segments_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SegmentSnapshots",
                columns: table => new
                {
                    SegmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Conditions = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    TakenOn = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SegmentSnapshots", x => x.SegmentId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SegmentMembers_RecordId_LeftOn",
                table: "SegmentMembers",
                columns: new[] { "RecordId", "LeftOn" });

            migrationBuilder.CreateIndex(
                name: "IX_SegmentMembers_SegmentId_EnteredOn",
                table: "SegmentMembers",
                columns: new[] { "SegmentId", "EnteredOn" });

            migrationBuilder.CreateIndex(
                name: "IX_SegmentMembers_SegmentId_LeftOn_RecordId",
                table: "SegmentMembers",
                columns: new[] { "SegmentId", "LeftOn", "RecordId" });

            migrationBuilder.CreateIndex(
                name: "IX_Segments_OwnerId_Name",
                table: "Segments",
                columns: new[] { "OwnerId", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_Segments_SharedWithTeamId",
                table: "Segments",
                column: "SharedWithTeamId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SegmentMembers");

            migrationBuilder.DropTable(
                name: "Segments");

            migrationBuilder.DropTable(
                name: "SegmentSnapshots");
        }
    }
}
