using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Core.Invoicing;

/// <summary>How late what remains to be paid is, in days past its due day.</summary>
public enum AgeingBucket
{
    [Display(Name = "Non échu")] NotDue,
    [Display(Name = "1 à 30 jours")] UpTo30,
    [Display(Name = "31 à 60 jours")] UpTo60,
    [Display(Name = "61 à 90 jours")] UpTo90,
    [Display(Name = "Plus de 90 jours")] Beyond90,
}

/// <summary>What remains to be paid in one bucket. Euros including VAT.</summary>
public sealed record AgeingSlice(AgeingBucket Bucket, int Count, decimal Balance);

/// <summary>The age of debts and the state of invoices on a day, for queries: the same as <see cref="Invoice.StateOn"/>.</summary>
public static class Ageing
{
    /// <summary>The state, the day included.</summary>
    public static Expression<Func<ListScope, Invoice, InvoiceStatus?>> State { get; } = (scope, invoice)
        => invoice.Balance <= 0 ? invoice.Status
            : invoice.DisputedOn != null ? InvoiceStatus.InDispute
            : invoice.DueOn < scope.Clock.Today ? InvoiceStatus.Overdue
            : invoice.Status;

    /// <summary>The bucket of what remains to be paid; nothing when nothing does.</summary>
    public static Expression<Func<ListScope, Invoice, AgeingBucket?>> Bucket { get; } = (scope, invoice)
        => invoice.Balance <= 0 ? null
            : invoice.DueOn >= scope.Clock.Today ? AgeingBucket.NotDue
            : invoice.DueOn >= scope.Clock.Today.AddDays(-30) ? AgeingBucket.UpTo30
            : invoice.DueOn >= scope.Clock.Today.AddDays(-60) ? AgeingBucket.UpTo60
            : invoice.DueOn >= scope.Clock.Today.AddDays(-90) ? AgeingBucket.UpTo90
            : AgeingBucket.Beyond90;

    /// <summary>The bucket of a balance due on a day.</summary>
    public static AgeingBucket BucketOf(DateOnly dueOn, DateOnly today) => (today.DayNumber - dueOn.DayNumber) switch
    {
        <= 0 => AgeingBucket.NotDue,
        <= 30 => AgeingBucket.UpTo30,
        <= 60 => AgeingBucket.UpTo60,
        <= 90 => AgeingBucket.UpTo90,
        _ => AgeingBucket.Beyond90,
    };

    /// <summary>The tone of a bucket.</summary>
    public static string ToneOf(AgeingBucket bucket) => bucket switch
    {
        AgeingBucket.NotDue => "neutral",
        AgeingBucket.UpTo30 => "warn",
        _ => "bad",
    };

    /// <summary>The condition of a filter on the state, one state at a time so that each is found by an index.</summary>
    internal static Expression<Func<Invoice, bool>>? StateRule(ListScope scope, ListFilter filter)
    {
        var today = scope.Clock.Today;
        return RuleOf<InvoiceStatus>(filter, state => state switch
        {
            InvoiceStatus.Overdue => invoice => invoice.Balance > 0 && invoice.DisputedOn == null && invoice.DueOn < today,
            InvoiceStatus.InDispute => invoice => invoice.Balance > 0 && invoice.DisputedOn != null,
            InvoiceStatus.Issued or InvoiceStatus.PartlyPaid => invoice => invoice.Status == state && (invoice.Balance <= 0 || (invoice.DisputedOn == null && invoice.DueOn >= today)),
            _ => invoice => invoice.Status == state,
        });
    }

    /// <summary>The condition of a filter on the bucket.</summary>
    internal static Expression<Func<Invoice, bool>>? BucketRule(ListScope scope, ListFilter filter)
    {
        var today = scope.Clock.Today;
        var (month, two, three) = (today.AddDays(-30), today.AddDays(-60), today.AddDays(-90));
        return RuleOf<AgeingBucket>(filter, bucket => bucket switch
        {
            AgeingBucket.NotDue => invoice => invoice.Balance > 0 && invoice.DueOn >= today,
            AgeingBucket.UpTo30 => invoice => invoice.Balance > 0 && invoice.DueOn < today && invoice.DueOn >= month,
            AgeingBucket.UpTo60 => invoice => invoice.Balance > 0 && invoice.DueOn < month && invoice.DueOn >= two,
            AgeingBucket.UpTo90 => invoice => invoice.Balance > 0 && invoice.DueOn < two && invoice.DueOn >= three,
            _ => invoice => invoice.Balance > 0 && invoice.DueOn < three,
        });
    }

    private static Expression<Func<Invoice, bool>>? RuleOf<TEnum>(ListFilter filter, Func<TEnum, Expression<Func<Invoice, bool>>> conditionOf)
        where TEnum : struct, Enum
    {
        var invoice = Expression.Parameter(typeof(Invoice), "invoice");
        switch (filter.Operator)
        {
            case FilterOperator.Empty:
                return i => i.Balance <= 0;
            case FilterOperator.NotEmpty:
                return i => i.Balance > 0;
        }

        var any = filter.Values.Select(value => Enum.TryParse<TEnum>(value, out var known) ? known : (TEnum?)null).OfType<TEnum>()
            .Select(value => conditionOf(value))
            .Select(condition => new ListExpressions.Replacer { [condition.Parameters[0]] = invoice }.Visit(condition.Body))
            .Aggregate((Expression)Expression.Constant(false), Expression.OrElse);
        return Expression.Lambda<Func<Invoice, bool>>(filter.Operator is FilterOperator.NoneOf ? Expression.Not(any) : any, invoice);
    }
}
