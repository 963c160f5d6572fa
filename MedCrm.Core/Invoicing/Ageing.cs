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

/// <summary>The age of debts and the state of invoices on a day: the one place that says what is overdue and what is disputed, for queries and for rows in hand.</summary>
public static class Ageing
{
    private static readonly Expression<Func<Invoice, bool>> s_isDisputed = invoice => invoice.Balance > 0 && invoice.DisputedOn != null;
    private static readonly Expression<Func<Invoice, DateOnly, bool>> s_isOverdue = (invoice, today) => invoice.Balance > 0 && invoice.DisputedOn == null && invoice.DueOn < today;
    private static readonly Func<Invoice, bool> s_disputed = s_isDisputed.Compile();
    private static readonly Func<Invoice, DateOnly, bool> s_overdue = s_isOverdue.Compile();

    /// <summary>The state, the day included.</summary>
    public static Expression<Func<ListScope, Invoice, InvoiceStatus?>> State { get; } = Told();

    /// <summary>What remains to be paid past its due day, disputes apart.</summary>
    public static IQueryable<Invoice> Overdue(this IQueryable<Invoice> invoices, DateOnly today) => invoices.Where(IsOverdue(today));

    /// <summary>What remains to be paid and is contested.</summary>
    public static IQueryable<Invoice> Disputed(this IQueryable<Invoice> invoices) => invoices.Where(s_isDisputed);

    /// <summary>The state of an invoice in hand on a day.</summary>
    internal static InvoiceStatus StateOf(Invoice invoice, DateOnly today) => s_disputed(invoice) ? InvoiceStatus.InDispute : s_overdue(invoice, today) ? InvoiceStatus.Overdue : invoice.Status;

    /// <summary>A row of an invoice that tells its state of today.</summary>
    internal static Expression<Func<Invoice, TRow>> Row<TRow>(ListScope scope, Expression<Func<Invoice, InvoiceStatus?, TRow>> row)
    {
        var invoice = row.Parameters[0];
        return Expression.Lambda<Func<Invoice, TRow>>(new ListExpressions.Replacer { [row.Parameters[1]] = ListExpressions.Bind(State, scope, invoice) }.Visit(row.Body), invoice);
    }

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
            InvoiceStatus.Overdue => IsOverdue(today),
            InvoiceStatus.InDispute => s_isDisputed,
            InvoiceStatus.Issued or InvoiceStatus.PartlyPaid => Undisturbed(state, today),
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

    // The day as a parameter of the query, so that one plan serves every day.
    private static Expression<Func<Invoice, bool>> IsOverdue(DateOnly today)
    {
        Expression<Func<DateOnly>> day = () => today;
        return Expression.Lambda<Func<Invoice, bool>>(new ListExpressions.Replacer { [s_isOverdue.Parameters[1]] = day.Body }.Visit(s_isOverdue.Body), s_isOverdue.Parameters[0]);
    }

    private static Expression<Func<Invoice, bool>> Undisturbed(InvoiceStatus status, DateOnly today)
    {
        Expression<Func<Invoice, bool, bool, bool>> rule = (invoice, isDisputed, isOverdue) => invoice.Status == status && !isDisputed && !isOverdue;
        var (invoice, overdue) = (rule.Parameters[0], IsOverdue(today));
        return Expression.Lambda<Func<Invoice, bool>>(
            new ListExpressions.Replacer
            {
                [rule.Parameters[1]] = new ListExpressions.Replacer { [s_isDisputed.Parameters[0]] = invoice }.Visit(s_isDisputed.Body),
                [rule.Parameters[2]] = new ListExpressions.Replacer { [overdue.Parameters[0]] = invoice }.Visit(overdue.Body),
            }.Visit(rule.Body),
            invoice);
    }

    private static Expression<Func<ListScope, Invoice, InvoiceStatus?>> Told()
    {
        Expression<Func<ListScope, Invoice, bool, bool, InvoiceStatus?>> told = (scope, invoice, isDisputed, isOverdue) => isDisputed ? InvoiceStatus.InDispute : isOverdue ? InvoiceStatus.Overdue : invoice.Status;
        Expression<Func<ListScope, DateOnly>> today = scope => scope.Clock.Today;
        var (scope, invoice) = (told.Parameters[0], told.Parameters[1]);
        return Expression.Lambda<Func<ListScope, Invoice, InvoiceStatus?>>(
            new ListExpressions.Replacer
            {
                [told.Parameters[2]] = new ListExpressions.Replacer { [s_isDisputed.Parameters[0]] = invoice }.Visit(s_isDisputed.Body),
                [told.Parameters[3]] = new ListExpressions.Replacer
                {
                    [s_isOverdue.Parameters[0]] = invoice,
                    [s_isOverdue.Parameters[1]] = new ListExpressions.Replacer { [today.Parameters[0]] = scope }.Visit(today.Body),
                }.Visit(s_isOverdue.Body),
            }.Visit(told.Body),
            scope,
            invoice);
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
