using MedCrm.Core.Access;
using MedCrm.Core.Data;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>What a column may need beside its record: the database, who looks, and the clock.</summary>
public sealed record ListScope(MedCrmDbContext Db, Actor Actor, BusinessClock Clock);
