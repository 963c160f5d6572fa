using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class TellWhatImportsDescribe : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Subject",
                table: "ImportRuns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Subject",
                table: "ImportRuns");
        }
    }
}
