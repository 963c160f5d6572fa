using System.ComponentModel.DataAnnotations;
using System.Net;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>A prepared e-mail as somebody reviews it.</summary>
public sealed record ContractLetterDetails
{
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Objet")] public string? Subject { get; set; }
    [Display(Name = "Message")] public string? Text { get; set; }
}

/// <summary>The door of the e-mails that the product prepares about a term and a person reviews: sent by the outbox, or set aside.</summary>
public sealed class ContractLetters(Contracts door, IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    // Around the deadline, alone on its lines: it becomes a box in the message.
    private const string Rule = "────────────────────────────────────────";

    /// <summary>Sends a prepared e-mail, as reviewed, to a contact. Once, however often it is asked.</summary>
    /// <exception cref="BusinessRuleException">It was sent or set aside, or the contact has no address.</exception>
    public async Task<Done> SendAsync(Guid contractId, Guid letterId, ContractLetterDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var subject = Clean.Required(details.Subject, 200, nameof(details.Subject), "Indiquez l'objet.");
        var text = Clean.Required(details.Text, 20_000, nameof(details.Text), "Écrivez le message.");
        await using var looking = await contexts.CreateDbContextAsync(cancellationToken);
        var contact = await VisibleContacts.Of(looking, actor).Where(c => c.Id == details.ContactId).Select(c => new { c.Id, c.FullName, c.Email }).SingleOrDefaultAsync(cancellationToken)
            ?? throw new BusinessRuleException("Choisissez à qui l'envoyer.", nameof(details.ContactId));
        var address = contact.Email ?? throw new BusinessRuleException($"{contact.FullName} n'a pas d'adresse e-mail.", nameof(details.ContactId));
        var mine = await looking.Users.Where(user => user.Id == actor.Id).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken);
        return await door.ChangeAsync(
            contractId,
            null,
            contract => $"E-mail sur le contrat {contract.Number} mis à l'envoi",
            async (db, by, contract) =>
            {
                contract.Written(Of(contract, letterId), subject, text, contact.FullName, by, clock.UtcNow, clock.Today);
                await Outbox.QueueAsync(
                    db,
                    new MessageDetails
                    {
                        Key = $"contract-letter:{letterId:N}",
                        To = [new Correspondent(address, contact.FullName)],
                        ReplyTo = mine is null ? null : new Correspondent(mine, by.Name),
                        Subject = subject,
                        Text = text,
                        Html = HtmlOf(text),
                        RecordType = nameof(Contract),
                        RecordId = contract.Id,
                        InstitutionId = contract.InstitutionId,
                        ContactId = contact.Id,
                        OpportunityId = contract.OpportunityId,
                    },
                    by,
                    clock.UtcNow,
                    cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Sets a prepared e-mail aside.</summary>
    /// <exception cref="BusinessRuleException">It was sent or set aside already.</exception>
    public Task<Done> DropAsync(Guid contractId, Guid letterId, CancellationToken cancellationToken = default)
        => door.ChangeAsync(
            contractId,
            null,
            contract => $"E-mail sur le contrat {contract.Number} écarté",
            (_, _, contract) =>
            {
                Of(contract, letterId).Drop(clock.UtcNow);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Whether an institution is a non-professional for the information before a renewal: as its profile says, else the non-profit ones are (C. conso. art. L215-3).</summary>
    internal static async Task<bool> IsNonProfessionalAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
        => (await BillingProfiles.EffectiveAsync(db, institutionId, cancellationToken)).IsNonProfessional;

    /// <summary>The e-mail that tells of the end of a term.</summary>
    internal static (string Subject, string Text) RenewalOf(Contract contract)
    {
        var end = FrenchText.FormatDay(contract.EndsOn);
        var what = contract.WillRenew
            ? $"Sans dénonciation de votre part, il est reconduit tacitement pour {contract.RenewalMonths} mois à compter du {FrenchText.FormatDay(contract.Terms.RenewsOn)}."
            : "Il ne se reconduit pas de lui-même : nous vous proposons de convenir dès maintenant de la suite.";
        return ($"Votre contrat {contract.Number} : échéance le {end}", $"Bonjour,\n\nVotre contrat {contract.Number} « {contract.Title} » arrive à échéance le {end}. {what}\n\nNous sommes à votre disposition pour faire le point.\n\nCordialement,\n");
    }

    /// <summary>The written information that the law asks for before a tacit renewal, with the deadline in a box (C. conso. art. L215-1).</summary>
    internal static (string Subject, string Text) InformationOf(Contract contract)
    {
        var (number, deadline) = (contract.Number, FrenchText.FormatDay(contract.LastNoticeOn));
        return ($"Votre contrat {number} : vous pouvez refuser sa reconduction jusqu'au {deadline}",
            $"Bonjour,\n\nVotre contrat {number} « {contract.Title} » arrive à échéance le {FrenchText.FormatDay(contract.EndsOn)}. Il est reconduit tacitement pour {contract.RenewalMonths} mois, sauf si vous vous y opposez.\n\n"
            + $"{Rule}\nDate limite pour refuser la reconduction : {deadline}\n{Rule}\n\n"
            + "Conformément à l'article L215-1 du code de la consommation, vous pouvez ne pas reconduire ce contrat en nous l'indiquant par écrit au plus tard à cette date.\n\nCordialement,\n");
    }

    /// <summary>The text as HTML, the deadline in a visible box.</summary>
    internal static string HtmlOf(string text)
    {
        var paragraphs = text.ReplaceLineEndings("\n").Split(Rule).Select((part, index) => (Text: WebUtility.HtmlEncode(part.Trim('\n')).Replace("\n", "<br>", StringComparison.Ordinal), IsBox: index % 2 == 1));
        return string.Concat(paragraphs.Select(part => part.IsBox
            ? $"<p style=\"border:2px solid #16202b;padding:12px 16px;font-weight:600\">{part.Text}</p>"
            : $"<p>{part.Text}</p>"));
    }

    private static ContractLetter Of(Contract contract, Guid letterId)
        => contract.Letters.SingleOrDefault(letter => letter.Id == letterId) ?? throw new BusinessRuleException("Cet e-mail n'existe plus.");
}
