using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class FindReturnsByWhatTheyTakeBack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_ChangeSets_RevertsId",
                table: "ChangeSets",
                column: "RevertsId",
                filter: "\"RevertsId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ChangeSets_RevertsId",
                table: "ChangeSets");
        }
    }
}
