using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Contracting;

/// <summary>What happened to contracts: signed, renewed, amended, notice given, ended.</summary>
public sealed class ContractTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("contract", "Contrats", "contract") { Address = "/contracts/{0}", States = typeof(ContractEventKind) };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var contracts = subject switch
        {
            { InstitutionId: not null } => db.Contracts.VisibleTo(actor).Where(contract => contract.InstitutionId == id),
            { ContactId: not null } => db.Contracts.VisibleTo(actor).Where(contract => contract.ContactId == id),
            { OpportunityId: not null } => db.Contracts.VisibleTo(actor).Where(contract => contract.OpportunityId == id),
            _ => db.Contracts.VisibleTo(actor).Where(contract => contract.Id == id),
        };
        return db.ContractEvents.Join(contracts, e => e.ContractId, contract => contract.Id, (e, contract) => new TimelineEntry
        {
            Kind = "contract",
            Id = e.Id,
            At = e.At,
            Title = contract.Number + " " + contract.Title,
            State = (int)e.Kind,
            Detail = e.Text,
            Amount = e.Amount,
            ById = e.ById,
            ByName = e.ByName,
            OpensId = contract.Id,
        });
    }
}
