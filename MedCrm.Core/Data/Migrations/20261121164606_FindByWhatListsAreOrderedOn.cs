using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MedCrm.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class FindByWhatListsAreOrderedOn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Opportunities_DeletedAt_Name",
                table: "Opportunities");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_DeletedAt_DepartmentCode_Name",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_DeletedAt_SearchKey",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_DeletedAt_Status_Name",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Email",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_FinessEj",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_HospitalGroup",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_ParentId",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Siren",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Siret",
                table: "Institutions");

            migrationBuilder.CreateIndex(
                name: "IX_Opportunities_DeletedAt_SearchKey",
                table: "Opportunities",
                columns: new[] { "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Opportunities_OpenByName",
                table: "Opportunities",
                column: "SearchKey",
                filter: "\"DeletedAt\" IS NULL AND \"Outcome\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Opportunities_OpenByStage",
                table: "Opportunities",
                columns: new[] { "StageId", "LastInteractionAt", "SnoozedUntil", "NextActionOn", "Id", "Amount", "WeightedAmount", "OwnerId", "TeamId" },
                filter: "\"DeletedAt\" IS NULL AND \"Outcome\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_DeletedAt_DepartmentCode_Status_OwnerId_TeamId",
                table: "Institutions",
                columns: new[] { "DeletedAt", "DepartmentCode", "Status", "OwnerId", "TeamId" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_DeletedAt_Status_Ownership_DepartmentCode_OwnerId_TeamId",
                table: "Institutions",
                columns: new[] { "DeletedAt", "Status", "Ownership", "DepartmentCode", "OwnerId", "TeamId" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Email",
                table: "Institutions",
                column: "Email",
                filter: "\"Email\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_FinessEj",
                table: "Institutions",
                column: "FinessEj",
                filter: "\"FinessEj\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_HospitalGroup",
                table: "Institutions",
                column: "HospitalGroup",
                filter: "\"HospitalGroup\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_ListOrder",
                table: "Institutions",
                columns: new[] { "DeletedAt", "SearchKey", "Id", "Status", "Ownership", "DepartmentCode", "RegionCode", "CategoryCode", "OwnerId", "TeamId" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_ParentId",
                table: "Institutions",
                column: "ParentId",
                filter: "\"ParentId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Siren",
                table: "Institutions",
                column: "Siren",
                filter: "\"Siren\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Siret",
                table: "Institutions",
                column: "Siret",
                filter: "\"Siret\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_FollowUpTasks_OpenByOpportunity",
                table: "FollowUpTasks",
                columns: new[] { "OpportunityId", "DueOn" },
                filter: "\"IsOpen\" AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_FollowUpTasks_OpenByOwner",
                table: "FollowUpTasks",
                columns: new[] { "OwnerId", "DueOn" },
                filter: "\"IsOpen\" AND \"DeletedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Opportunities_DeletedAt_SearchKey",
                table: "Opportunities");

            migrationBuilder.DropIndex(
                name: "IX_Opportunities_OpenByName",
                table: "Opportunities");

            migrationBuilder.DropIndex(
                name: "IX_Opportunities_OpenByStage",
                table: "Opportunities");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_DeletedAt_DepartmentCode_Status_OwnerId_TeamId",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_DeletedAt_Status_Ownership_DepartmentCode_OwnerId_TeamId",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Email",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_FinessEj",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_HospitalGroup",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_ListOrder",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_ParentId",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Siren",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_Institutions_Siret",
                table: "Institutions");

            migrationBuilder.DropIndex(
                name: "IX_FollowUpTasks_OpenByOpportunity",
                table: "FollowUpTasks");

            migrationBuilder.DropIndex(
                name: "IX_FollowUpTasks_OpenByOwner",
                table: "FollowUpTasks");

            migrationBuilder.CreateIndex(
                name: "IX_Opportunities_DeletedAt_Name",
                table: "Opportunities",
                columns: new[] { "DeletedAt", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_DeletedAt_DepartmentCode_Name",
                table: "Institutions",
                columns: new[] { "DeletedAt", "DepartmentCode", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_DeletedAt_SearchKey",
                table: "Institutions",
                columns: new[] { "DeletedAt", "SearchKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_DeletedAt_Status_Name",
                table: "Institutions",
                columns: new[] { "DeletedAt", "Status", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Email",
                table: "Institutions",
                column: "Email");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_FinessEj",
                table: "Institutions",
                column: "FinessEj");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_HospitalGroup",
                table: "Institutions",
                column: "HospitalGroup");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_ParentId",
                table: "Institutions",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Siren",
                table: "Institutions",
                column: "Siren");

            migrationBuilder.CreateIndex(
                name: "IX_Institutions_Siret",
                table: "Institutions",
                column: "Siret");
        }
    }
}
